import Testing

@testable import Learning

@Suite struct GradientTests {
  @Test(arguments: [(3, 4, 5), (1, 1, 1), (7, 2, 3)]) func denseGradientsAreRight(rows: Int, input: Int, output: Int)
    throws
  {
    let layer = DenseLayer(inputWidth: input, outputWidth: output)
    let worst = try GradientCheck(layer: layer, rows: rows, mode: .inference).worst(
      input: Fixtures.uniform(rows * input, seed: 1), parameters: Fixtures.uniform(layer.parameterCount, seed: 2))
    #expect(worst.byInput < 1e-3)
    #expect(worst.byParameters < 1e-3)
  }

  @Test func reluGradientsAreRight() throws {
    // Kept away from the kink, where central differences mean nothing.
    let input = Fixtures.uniform(24, seed: 3).map { $0 < 0 ? $0 - 0.1 : $0 + 0.1 }
    let worst = try GradientCheck(layer: ReluLayer(width: 6), rows: 4, mode: .inference).worst(
      input: input, parameters: [])
    #expect(worst.byInput < 1e-3)
  }

  @Test func dropoutGradientsAreRight() throws {
    let layer = DropoutLayer(width: 20, rate: 0.4, index: 1)
    let worst = try GradientCheck(layer: layer, rows: 4, mode: .training(key: 5, firstRow: 0)).worst(
      input: Fixtures.uniform(80, seed: 4), parameters: [])
    #expect(worst.byInput < 1e-3)
  }

  @Test func theWholeNetworksGradientIsRight() throws {
    let network = Network(
      [.dense(units: 6), .relu, .dropout(rate: 0.3), .dense(units: 5), .relu, .dense(units: 3)], inputWidth: 4)
    let rows = 7
    let workspace = Workspace(network: network, maximumRows: 10, training: true, blas: try Blas.load())
    workspace.input.assign(Fixtures.uniform(rows * 4, seed: 5))
    for row in 0..<rows { workspace.labels[row] = Int32(row % 3) }
    let parameters = FloatBuffer(Fixtures.uniform(network.parameterCount, seed: 6))
    let gradients = FloatBuffer(count: network.parameterCount)
    let mode = PassMode.training(key: 11, firstRow: 0)
    func loss() -> Double {
      workspace.forward(rows: rows, parameters: parameters.base, mode: mode)
      return workspace.score(rows: rows).loss / Double(rows)
    }
    _ = loss()
    workspace.backward(rows: rows, parameters: parameters.base, into: gradients.base, scale: 1 / Float(rows))
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

@Suite struct NetworkTests {
  @Test func kubeMLsPerceptronHasItsParameters() throws {
    let hyperparameters = try Hyperparameters([:], for: .mlp)
    let network = Network(
      NetworkShape.layers(.mlp, hyperparameters, classes: 10), inputWidth: 784)
    #expect(network.parameterCount == 118_282)
    #expect(network.slots.map(\.name).first == "dense1.weight")
    #expect(network.slots.map(\.name).last == "dense3.bias")
  }

  @Test func freshWeightsAreGlorots() {
    let layer = DenseLayer(inputWidth: 100, outputWidth: 50)
    let parameters = FloatBuffer(count: layer.parameterCount)
    var random = SeededRandom(seed: 1)
    layer.initialise(parameters.base, random: &random)
    let weights = parameters.array[..<5000].map(Double.init)
    #expect(weights.allSatisfy { abs($0) <= 0.2 })
    // A uniform distribution within ±0.2 has variance 0.04/3.
    #expect(abs(weights.reduce(0) { $0 + $1 * $1 } / 5000 - 0.04 / 3) < 1e-3)
    #expect(parameters.array[5000...].allSatisfy { $0 == 0 })
  }

  @Test func dropoutDropsItsShareAndKeepsTheMean() {
    let mask = FloatBuffer(count: 100_000)
    Kernels.dropoutMask(mask.base, count: mask.count, first: 0, key: 77, threshold: UInt32(0.2 * 0x1p32), scale: 1.25)
    let dropped = mask.array.filter { $0 == 0 }.count
    #expect(abs(dropped - 20_000) < 640)  // five standard deviations
  }

  @Test func aPartOfABatchDropsWhatTheWholeDrops() throws {
    let layer = DropoutLayer(width: 8, rate: 0.5, index: 2)
    let blas = try Blas.load()
    let ones = FloatBuffer([Float](repeating: 1, count: 80))
    func run(_ rows: Int, from first: Int) -> [Float] {
      let output = FloatBuffer(count: rows * 8)
      let scratch = FloatBuffer(count: rows * 8)
      layer.forward(
        ForwardPass(
          input: ones.base, output: output.base, parameters: ones.base, scratch: scratch.base, rows: rows,
          mode: .training(key: 9, firstRow: first)), blas: blas)
      return output.array
    }
    #expect(run(10, from: 0) == run(4, from: 0) + run(6, from: 4))
  }

  @Test func softmaxSurvivesLargeLogits() {
    let logits = FloatBuffer([1000, 0, -1000, 5, 5, 5])
    Kernels.softmax(logits.base, rows: 2, classes: 3)
    #expect(logits.array[0] == 1)
    #expect(logits.array[3...].allSatisfy { abs($0 - 1.0 / 3) < 1e-6 })
  }
}
