import Testing
import TrainingDefinition

@testable import Learning

@Suite struct NetworkTests {
  private let image = Preprocessing.Input.image(shape: [28, 28], scale: 1 / 255)

  private func layers(_ algorithm: Algorithm, _ input: Preprocessing.Input, width: Int) throws -> [LayerSpec] {
    try NetworkShape.own(algorithm, try Hyperparameters([:], for: algorithm), input: input, width: width)
      + [.dense(units: 10)]
  }

  @Test(arguments: [(Algorithm.mlp, 118_282), (.cnn, 225_034), (.lstm, 98_186), (.dnn, 109_386)])
  func kubeMLsNetworksHaveTheirParameters(algorithm: Algorithm, count: Int) throws {
    let network = try Network(try layers(algorithm, image, width: 784), inputWidth: 784)
    #expect(network.parameterCount == count)
    #expect(network.outputWidth == 10)
  }

  @Test func tensorsAreNamedByKind() throws {
    let network = try Network(try layers(.cnn, image, width: 784), inputWidth: 784)
    #expect(
      network.slots.map(\.name) == [
        "conv2d1.weight", "conv2d1.bias", "conv2d2.weight", "conv2d2.bias", "dense1.weight", "dense1.bias",
        "dense2.weight", "dense2.bias",
      ])
    #expect(network.slots.map(\.shape).prefix(3) == [[3, 3, 1, 32], [32], [3, 3, 32, 64]])
    let recurrent = try Network(try layers(.lstm, image, width: 784), inputWidth: 784)
    #expect(recurrent.slots.map(\.name).prefix(3) == ["lstm1.weight", "lstm1.recurrent", "lstm1.bias"])
  }

  @Test func rowsOfATableAreReadAsASquare() throws {
    let specs = try layers(.cnn, .table([]), width: 36)
    #expect(
      specs == [
        .reshape(shape: [6, 6, 1]), .conv2d(filters: 32, kernel: 3), .relu, .maxPool2d(size: 2), .flatten,
        .dense(units: 128), .relu, .dense(units: 10),
      ])
    #expect(try Network(specs, inputWidth: 36).parameterCount == 9 * 32 + 32 + 128 * 128 + 128 + 1290)
    #expect(try layers(.lstm, .table([]), width: 5).first == .reshape(shape: [5, 1]))
  }

  @Test(arguments: [1, 5, 16, 17, 40]) func predictionsDoNotDependOnTheSplit(part: Int) throws {
    let specs: [LayerSpec] = [
      .reshape(shape: [7, 6, 2]), .conv2d(filters: 5, kernel: 3), .relu, .maxPool2d(size: 2), .flatten,
      .reshape(shape: [4, 5]), .lstm(units: 9), .dense(units: 20), .tanh, .dense(units: 3),
    ]
    let network = try Network(specs, inputWidth: 84)
    let parameters = FloatBuffer(count: network.parameterCount)
    network.initialise(parameters, seed: 3)
    let rows = 40
    let features = FloatBuffer(Fixtures.uniform(rows * 84, seed: 4))
    let examples = Examples(features: .floats(features), labels: Array(repeating: 0, count: rows), width: 84)
    let classifier = NetworkClassifier(network: network, parameters: parameters)
    func predict(_ size: Int) -> [Float] {
      stride(from: 0, to: rows, by: size).flatMap { first in
        let count = min(size, rows - first)
        return Array(
          UnsafeBufferPointer(start: classifier.probabilities(examples, from: first, count: count), count: count * 3))
      }
    }
    #expect(predict(part) == predict(rows))
  }
}

/// Layers of a model file may say anything.
@Suite struct NetworkBuilderTests {
  @Test(
    arguments: [
      [.reshape(shape: [1 << 24, 1 << 24, 1 << 24])], [.reshape(shape: [1 << 62, 4, 1])], [.reshape(shape: [-6, -6])],
      [.reshape(shape: [36])], [.reshape(shape: [])], [.reshape(shape: [6, 5])], [.dense(units: 0)],
      [.dense(units: .max)],
      [.dropout(rate: .nan)], [.conv2d(filters: 1, kernel: 1)], [.maxPool2d(size: 2)], [.lstm(units: 2)],
      [.reshape(shape: [6, 6, 1]), .conv2d(filters: .max, kernel: 1)],
      [.reshape(shape: [6, 6, 1]), .conv2d(filters: 1, kernel: .min)],
      [.reshape(shape: [6, 6, 1]), .maxPool2d(size: 7)], [.reshape(shape: [6, 6]), .lstm(units: .max)],
      [.dense(units: 65_536), .dense(units: 65_536)],
    ] as [[LayerSpec]]) func whatCannotBeIsRefused(specs: [LayerSpec])
  {
    #expect(throws: LayerProblem.self) { try Network(specs, inputWidth: 36) }
  }
}

@Suite struct InitialiserTests {
  @Test func denseWeightsAreGlorots() {
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

  @Test func recurrentWeightsAreOrthogonalAndCellsRemember() {
    let layer = LSTMLayer(steps: 2, features: 3, units: 10)
    let parameters = FloatBuffer(count: layer.parameterCount)
    var random = SeededRandom(seed: 1)
    layer.initialise(parameters.base, random: &random)
    let rows = (0..<10).map { row in parameters.array[(120 + row * 40)..<(160 + row * 40)].map(Double.init) }
    for (i, a) in rows.enumerated() {
      for (j, b) in rows.enumerated() {
        #expect(abs(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } - (i == j ? 1 : 0)) < 1e-6)
      }
    }
    let bias = parameters.array[520...]
    #expect(Array(bias) == (0..<40).map { (10..<20).contains($0) ? 1 : 0 })
  }
}

@Suite struct DropoutTests {
  private func mask(rows: Int, from first: Int, width: Int = 8, rate: Double = 0.5) -> [Float] {
    let layer = DropoutLayer(width: width, rate: rate, index: 2)
    let ones = FloatBuffer([Float](repeating: 1, count: rows * width))
    let output = FloatBuffer(count: rows * width)
    layer.forward(
      ForwardPass(
        input: ones.base, output: output.base, parameters: ones.base, scratch: nil, temporary: output.base, rows: rows,
        mode: .training(key: 9, firstRow: first)))
    return output.array
  }

  @Test func itDropsItsShareAndKeepsTheMean() {
    let mask = mask(rows: 100, from: 0, width: 1000, rate: 0.2)
    let dropped = mask.filter { $0 == 0 }.count
    #expect(abs(dropped - 20_000) < 640)  // five standard deviations
    #expect(mask.allSatisfy { $0 == 0 || $0 == 1.25 })
  }

  @Test func aPartOfABatchDropsWhatTheWholeDrops() {
    #expect(mask(rows: 10, from: 0) == mask(rows: 4, from: 0) + mask(rows: 6, from: 4))
  }
}

@Suite struct SoftmaxTests {
  @Test func largeLogitsAreSurvived() {
    let logits = FloatBuffer([1000, 0, -1000, 5, 5, 5])
    Kernels.softmax(logits.base, rows: 2, classes: 3)
    #expect(logits.array[0] == 1)
    #expect(logits.array[3...].allSatisfy { abs($0 - 1.0 / 3) < 1e-6 })
  }

  @Test func noNumbersStayNone() {
    let logits = FloatBuffer([1, .nan, 3])
    Kernels.softmax(logits.base, rows: 1, classes: 3)
    #expect(logits.array.allSatisfy { $0.isNaN })
  }
}
