import Testing
import TrainingDefinition

@testable import Learning

/// Backward passes against central differences. Inputs of layers with kinks are spread out, so that no difference
/// crosses one.
@Suite struct GradientTests {
  /// Different numbers in random order, at least 0.1 from each other and 0.05 from 0.
  private func spread(_ count: Int, seed: UInt64) -> [Float] {
    var random = SeededRandom(seed: seed)
    return random.permutation(count).map { (Float($0) - Float(count / 2) + 0.5) * 0.1 }
  }

  private func expectRight(
    _ layers: [any Layer], rows: Int, input: [Float]? = nil, mode: PassMode = .inference,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let check = GradientCheck(layers, rows: rows, mode: mode)
    let worst = check.worst(
      input: input ?? Fixtures.uniform(rows * check.network.inputWidth, seed: 1),
      parameters: Fixtures.uniform(check.network.parameterCount, seed: 2).map { $0 * 0.7 })
    #expect(worst.byInput < 2e-3, sourceLocation: location)
    #expect(worst.byParameters < 2e-3, sourceLocation: location)
  }

  @Test(arguments: [(3, 4, 5), (1, 1, 1), (7, 2, 3), (18, 5, 33), (2, 13, 70)])
  func denseLayers(rows: Int, input: Int, output: Int) {
    expectRight([DenseLayer(inputWidth: input, outputWidth: output)], rows: rows)
  }

  @Test(arguments: Activation.allCases) func activations(activation: Activation) {
    expectRight([ActivationLayer(activation, width: 6)], rows: 4, input: spread(24, seed: 3))
    let smooth = activation != .relu
    expectRight(
      [DenseLayer(inputWidth: 1, outputWidth: 5, activation: activation)], rows: smooth ? 6 : 1,
      input: smooth ? nil : [1.5])
  }

  @Test(arguments: [true, false]) func dropouts(inPlace: Bool) {
    expectRight(
      [DenseLayer(inputWidth: 3, outputWidth: 20), DropoutLayer(width: 20, rate: 0.4, index: 1, inPlace: inPlace)],
      rows: 18, mode: .training(key: 5, firstRow: 0))
  }

  @Test(arguments: [(6, 6, 1, 2), (5, 7, 3, 2), (7, 6, 2, 3)])
  func maxPools(height: Int, width: Int, channels: Int, size: Int) {
    let layer = MaxPoolLayer(height: height, width: width, channels: channels, size: size)
    expectRight([layer], rows: 2, input: spread(2 * layer.inputWidth, seed: 4))
  }

  @Test(arguments: [(4, 4, 1, 3, 3), (5, 7, 3, 4, 2), (3, 3, 2, 5, 3), (6, 4, 1, 17, 1)])
  func convolutions(height: Int, width: Int, channels: Int, filters: Int, kernel: Int) {
    expectRight(
      [ConvolutionLayer(height: height, width: width, channels: channels, filters: filters, kernel: kernel)], rows: 3)
  }

  /// A second layer behind makes the first one's gradient by its output other than constant.
  @Test func stackedConvolutions() {
    expectRight(
      [
        ConvolutionLayer(height: 5, width: 6, channels: 2, filters: 3, kernel: 2),
        ActivationLayer(.tanh, width: 4 * 5 * 3),
        ConvolutionLayer(height: 4, width: 5, channels: 3, filters: 2, kernel: 3),
      ], rows: 2)
  }

  /// The fused layer against the layers it stands for, which the other tests check: bit by bit the same forward pass,
  /// and the same gradients up to the order of sums.
  @Test(arguments: [(7, 8, 2, 5, 3, 2), (6, 6, 1, 20, 2, 2), (9, 7, 3, 4, 2, 3)])
  func fusedConvolutions(height: Int, width: Int, channels: Int, filters: Int, kernel: Int, pool: Int) throws {
    let rows = 17
    let (h, w) = (height - kernel + 1, width - kernel + 1)
    let fused = ConvolutionLayer(
      height: height, width: width, channels: channels, filters: filters, kernel: kernel, activation: .relu, pool: pool)
    let single: [any Layer] = [
      ConvolutionLayer(height: height, width: width, channels: channels, filters: filters, kernel: kernel),
      ActivationLayer(.relu, width: h * w * filters),
      MaxPoolLayer(height: h, width: w, channels: filters, size: pool),
    ]
    let parameters = FloatBuffer(Fixtures.uniform(fused.parameterCount, seed: 7))
    let weights = Fixtures.uniform(rows * fused.outputWidth, seed: 8)
    func run(_ layers: [any Layer]) -> (output: [Float], byInput: [Float], byParameters: [Float]) {
      let network = Network(layers: layers, inputWidth: fused.inputWidth)
      let workspace = Workspace(network: network, maximumRows: rows, training: true, inputGradients: true)
      workspace.input.assign(Fixtures.uniform(rows * fused.inputWidth, seed: 9))
      workspace.run(rows: rows, parameters: parameters.base, mode: .inference)
      for index in weights.indices { workspace.outputGradient[index] = weights[index] }
      workspace.runBackward(rows: rows, parameters: parameters.base, mode: .inference)
      let gradients = FloatBuffer(count: network.parameterCount)
      workspace.sumGradients(rows: rows, into: gradients.base)
      return (
        Array(UnsafeBufferPointer(start: workspace.output, count: weights.count)),
        workspace.inputGradient?.array ?? [], gradients.array
      )
    }
    let (one, three) = (run([fused]), run(single))
    #expect(one.output == three.output)
    #expect(zip(one.byInput, three.byInput).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(zip(one.byParameters, three.byParameters).allSatisfy { abs($0 - $1) < 1e-4 * max(1, abs($1)) })
    #expect(one.byInput.contains { $0 != 0 } && one.byParameters.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [(1, 2, 3), (4, 3, 5), (3, 1, 17)]) func recurrentLayers(steps: Int, features: Int, units: Int) {
    expectRight([LSTMLayer(steps: steps, features: features, units: units)], rows: 3)
  }

  @Test func theWholeNetworksGradientIsRight() throws {
    let specs: [LayerSpec] = [
      .reshape(shape: [6, 6, 1]), .conv2d(filters: 3, kernel: 3), .tanh, .maxPool2d(size: 2), .flatten,
      .dropout(rate: 0.3), .dense(units: 5), .sigmoid, .dropout(rate: 0.2), .dense(units: 3),
    ]
    let network = try Network(specs, inputWidth: 36)
    let rows = 21
    let workspace = Workspace(network: network, maximumRows: rows, training: true)
    workspace.input.assign(Fixtures.uniform(rows * 36, seed: 5))
    for row in 0..<rows { workspace.labels[row] = Int32(row % 3) }
    let parameters = FloatBuffer(Fixtures.uniform(network.parameterCount, seed: 6))
    let gradients = FloatBuffer(count: network.parameterCount)
    let mode = PassMode.training(key: 11, firstRow: 0)
    func loss() -> Double {
      workspace.pass(rows: rows, parameters: parameters.base, mode: mode, scale: 1 / Float(rows)) { _, _ in }.loss
        / Double(rows)
    }
    _ = loss()
    workspace.sumGradients(rows: rows, into: gradients.base)
    for index in 0..<network.parameterCount {
      let kept = parameters.base[index]
      parameters.base[index] = kept + 2e-3
      let up = loss()
      parameters.base[index] = kept - 2e-3
      let down = loss()
      parameters.base[index] = kept
      #expect(abs((up - down) / 4e-3 - Double(gradients.base[index])) < 2e-3, "parameter \(index)")
    }
  }
}
