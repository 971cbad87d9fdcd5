import Foundation
import Testing
import TrainingDefinition

@testable import Learning

/// Forward, backward and three steps of every optimiser against PyTorch; hack/reference/networks.py makes the file.
@Suite struct NetworkReferenceTests {
  private static let networks: [String: [LayerSpec]] = [
    "dense": [.dense(units: 20), .relu, .dense(units: 5), .tanh, .dense(units: 3)],
    "convolution": [
      .reshape(shape: [9, 8, 2]), .conv2d(filters: 18, kernel: 3), .relu, .maxPool2d(size: 2),
      .conv2d(filters: 4, kernel: 2), .sigmoid, .flatten, .dense(units: 3),
    ],
    "lstm": [.reshape(shape: [5, 3]), .lstm(units: 6), .dense(units: 3)],
  ]

  private static let rules: [String: OptimiserRule] = [
    "sgd": .sgd(rate: 0.1, momentum: 0),
    "momentum": .sgd(rate: 0.1, momentum: 0.9),
    "nesterov": .sgd(rate: 0.1, momentum: 0.9, nesterov: true),
    "adam": .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-12),
    "adamw": .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-12, decay: 0.1),
    "rmsprop": .rmsprop(rate: 0.01, rho: 0.9, momentum: 0, epsilon: 1e-7),
    "rmsprop_momentum": .rmsprop(rate: 0.01, rho: 0.9, momentum: 0.5, epsilon: 1e-7),
  ]

  /// One network on its batch.
  private struct Run {
    let file: TensorFile
    let name: String
    let workspace: Workspace
    let parameters: FloatBuffer
    let gradients: FloatBuffer
    let rows: Int

    init(_ name: String) throws {
      self.name = name
      let data = try Data(contentsOf: Fixtures.packageRoot.appending(path: "hack/reference/networks.safetensors"))
      file = try TensorFile(decoding: data)
      let x = try #require(file[name + ".x"])
      rows = x.shape[0]
      let network = try Network(try #require(NetworkReferenceTests.networks[name]), inputWidth: x.shape[1])
      workspace = Workspace(network: network, maximumRows: rows, training: true)
      workspace.input.assign(try #require(x.floats))
      for (row, label) in try #require(file[name + ".y"]?.floats).enumerated() {
        workspace.labels[row] = Int32(label)
      }
      parameters = FloatBuffer(try #require(file[name + ".w"]?.floats))
      try #require(parameters.count == network.parameterCount)
      gradients = FloatBuffer(count: network.parameterCount)
    }

    /// Forward and backward; the loss.
    func pass() -> Double {
      let score = workspace.pass(
        rows: rows, parameters: parameters.base, mode: .training(key: 0, firstRow: 0), scale: 1 / Float(rows)
      ) { _, _ in }
      workspace.sumGradients(rows: rows, into: gradients.base)
      return score.loss / Double(rows)
    }

    /// The largest difference of `values` from the file's.
    func distance(_ values: [Float], _ what: String) throws -> Float {
      let expected = try #require(file["\(name).\(what)"]?.floats)
      try #require(expected.count == values.count)
      return zip(values, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
  }

  @Test(arguments: networks.keys.sorted()) func oneStepIsPyTorchs(name: String) throws {
    let run = try Run(name)
    run.workspace.run(rows: run.rows, parameters: run.parameters.base, mode: .inference)
    let logits = Array(UnsafeBufferPointer(start: run.workspace.output, count: run.rows * 3))
    #expect(try run.distance(logits, "logits") < 1e-5)
    let loss = run.pass()
    #expect(try run.distance([Float(loss)], "loss") < 1e-5)
    #expect(try run.distance(run.gradients.array, "gradients") < 1e-6)
  }

  @Test(arguments: networks.keys.sorted(), rules.keys.sorted())
  func threeStepsArePyTorchs(name: String, rule: String) throws {
    let run = try Run(name)
    let optimiser = Optimiser(try #require(Self.rules[rule]), count: run.parameters.count)
    for _ in 0..<3 {
      _ = run.pass()
      optimiser.update(run.parameters.base, gradients: run.gradients.base)
    }
    #expect(try run.distance(run.parameters.array, rule) < 2e-5)
  }
}
