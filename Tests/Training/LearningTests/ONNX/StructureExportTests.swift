import Foundation
import ONNX
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct StructureExportTests {
  private func trained(
    _ algorithm: String, _ hyperparameters: [String: String] = [:], layers: [LayerRequest]? = nil
  ) throws -> TrainedModel {
    let request = TrainingRequest(
      algorithm: algorithm, hyperparameters: hyperparameters,
      dataset: DatasetRequest(uri: Fixtures.iris, targetColumn: "Species", dropColumns: ["Id"]), epochs: 1,
      batchSize: 64, layers: layers)
    let session = try Trainer.load(request, dataRoot: Fixtures.packageRoot)
    while !session.isFinished { try session.step() }
    return try session.finish()
  }

  private func attributes(of node: NodeProto) -> [String: AttributeProto.Value] {
    Dictionary(uniqueKeysWithValues: node.attributes.map { ($0.name, $0.value) })
  }

  private func floats(_ graph: GraphProto, _ name: String) throws -> (shape: [Int], values: [Float]) {
    let tensor = try #require(graph.initialisers.first { $0.name == name })
    guard case .floats(let values) = tensor.values else { throw Failure.unexpectedType }
    return (tensor.shape, values)
  }

  /// Walks the ensemble as ONNX defines it.
  @Test func theEnsembleSaysWhatTheForestSays() throws {
    let model = try trained("RandomForest", ["n_estimators": "5", "max_depth": "3"])
    let node = try #require(try model.onnx().graph.nodes.first { $0.operation == "TreeEnsembleRegressor" })
    let ensemble = try Ensemble(attributes(of: node))
    #expect(ensemble.targets == 3)
    let rows = Fixtures.uniform(40 * 4, seed: 7).map { $0 * 2 }
    let classifier = try model.description.structure.classifier(model.tensors, for: model.description.preprocessing)
    let buffer = FloatBuffer(count: rows.count)
    buffer.assign(rows)
    let examples = Examples(features: .floats(buffer), labels: Array(repeating: 0, count: 40), width: 4)
    let probabilities = Evaluator(classifier).probabilities(examples)
    for row in 0..<40 {
      let sums = ensemble.sums(Array(rows[(row * 4)..<(row * 4 + 4)]))
      for label in 0..<3 { #expect(abs(sums[label] / 5 - probabilities[row * 3 + label]) < 1e-6) }
    }
  }

  @Test func convolutionsHaveChannelsFirst() throws {
    let layers = [
      LayerRequest(type: "conv2d", filters: 3, kernel: 1, activation: "relu"),
      LayerRequest(type: "conv2d", filters: 2, kernel: 2), LayerRequest(type: "flatten"),
    ]
    let model = try trained("CNN", layers: layers)
    let graph = try model.onnx().graph
    try GraphCheck.check(graph)
    let ours = try #require(model.tensors.first { $0.name == "conv2d2.weight" }?.floats)
    let (shape, theirs) = try floats(graph, "conv2d2.weight")
    #expect(shape == [2, 3, 2, 2])
    for line in 0..<2 {
      for column in 0..<2 {
        for channel in 0..<3 {
          for filter in 0..<2 {
            let place = ((line * 2 + column) * 3 + channel) * 2 + filter
            #expect(theirs[((filter * 3 + channel) * 2 + line) * 2 + column] == ours[place])
          }
        }
      }
    }
    // One channel needs no turning on the way in; rows are in our order again behind the images.
    let operations = graph.nodes.map(\.operation)
    let first = try #require(operations.firstIndex(of: "Conv"))
    #expect(
      operations[(first - 1)...].prefix(7) == ["Reshape", "Conv", "Relu", "Conv", "Transpose", "Flatten", "Gemm"])
  }

  @Test func gatesOfAnLSTMAreInONNXsOrder() throws {
    let model = try trained("LSTM", layers: [LayerRequest(type: "lstm", units: 2)])
    let graph = try model.onnx().graph
    let (shape, weights) = try floats(graph, "lstm1.weight")
    let (recurrentShape, recurrent) = try floats(graph, "lstm1.recurrent")
    let (biasShape, bias) = try floats(graph, "lstm1.bias")
    #expect(shape == [1, 8, 1])
    #expect(recurrentShape == [1, 8, 2])
    #expect(biasShape == [1, 16])
    func ours(_ name: String) throws -> [Float] { try #require(model.tensors.first { $0.name == name }?.floats) }
    let (ourWeights, ourRecurrent, ourBias) = (
      try ours("lstm1.weight"), try ours("lstm1.recurrent"), try ours("lstm1.bias")
    )
    // input, output, forget, candidate of input, forget, candidate, output
    for (theirGate, ourGate) in [0, 3, 1, 2].enumerated() {
      for unit in 0..<2 {
        let (row, column) = (theirGate * 2 + unit, ourGate * 2 + unit)
        #expect(weights[row] == ourWeights[column])
        #expect(bias[row] == ourBias[column])
        for source in 0..<2 { #expect(recurrent[row * 2 + source] == ourRecurrent[source * 8 + column]) }
      }
    }
    #expect(bias[8...].allSatisfy { $0 == 0 })
    let node = try #require(graph.nodes.first { $0.operation == "LSTM" })
    #expect(node.outputs.count == 2 && node.outputs[0].isEmpty)
  }

  @Test(arguments: [
    ("rbf", "Exp"), ("linear", "MatMul"), ("poly", "Pow"), ("sigmoid", "Tanh"),
  ]) func everyKernelIsWrittenOut(kernel: String, operation: String) throws {
    let graph = try trained("SVM", ["kernel": kernel]).onnx().graph
    try GraphCheck.check(graph)
    let split = try #require(graph.nodes.first { $0.operation == "Split" })
    #expect(graph.nodes.first { $0.outputs == [split.inputs[0]] }?.operation == operation)
    #expect(split.outputs.count == 3)
    #expect(!graph.nodes.contains { $0.operation == "Loop" })
  }

  @Test func classesWithoutSupportVectorsAddNothing() throws {
    let machine = SupportVectorMachine(
      kernel: SupportVectorKernel(.linear), width: 1, vectors: [1, -1], vectorsPerClass: [1, 0, 1],
      coefficients: [0.5, 0.25, 0.75, -0.5], rho: [0, 0, 0], scaling: nil)
    var builder = GraphBuilder(name: "svm", reserved: [])
    let features = builder.input("x", .float, shape: [.named("N"), .fixed(1)])
    let result = try SupportVectorGraph(machine).append(features: features, to: &builder)
    builder.output("y", .float, shape: [.named("N"), .fixed(3)], from: "Identity", [result])
    try GraphCheck.check(builder.graph)
    #expect(builder.graph.nodes.first { $0.operation == "Split" }?.outputs.count == 2)
    #expect(try floats(builder.graph, "dual_coef0").values == [0.5, 0.75])
    #expect(try floats(builder.graph, "dual_coef1").values == [0, 0])
    #expect(try floats(builder.graph, "dual_coef2").values == [0.25, -0.5])
    var empty = machine
    (empty.vectors, empty.vectorsPerClass, empty.coefficients) = ([], [0, 0, 0], [])
    var other = GraphBuilder(name: "svm", reserved: [])
    let error = Fixtures.error { () throws(LearningError) in
      try SupportVectorGraph(empty).append(features: "x", to: &other)
    }
    #expect(error?.reason == "NotExportable")
  }

  @Test func calibratedProbabilitiesAreCoupledInALoop() throws {
    let graph = try trained("SVM", ["probability": "true"]).onnx().graph
    try GraphCheck.check(graph)
    let loop = try #require(graph.nodes.first { $0.operation == "Loop" })
    guard case .graph(let sweep)? = attributes(of: loop)["body"] else { throw Failure.unexpectedType }
    #expect(sweep.inputs.map(\.type) == [.int64, .bool, .double])
    #expect(sweep.outputs.map(\.type) == [.bool, .double])
    let inner = try #require(sweep.nodes.first { $0.operation == "Loop" })
    guard case .graph(let step)? = attributes(of: inner)["body"] else { throw Failure.unexpectedType }
    #expect(step.inputs.count == 5 && step.outputs.count == 4)
  }

  private enum Failure: Error { case unexpectedType }
}

/// A tree ensemble as ONNX describes it.
private struct Ensemble {
  private struct Place: Hashable {
    var tree: Int
    var node: Int
  }
  private struct Node {
    var feature: Int
    var value: Float
    var isLeaf: Bool
    var yes: Int
    var no: Int
  }
  private var nodes: [Place: Node] = [:]
  private var weights: [Place: [(target: Int, weight: Float)]] = [:]
  let targets: Int

  init(_ attributes: [String: AttributeProto.Value]) throws {
    func integers(_ name: String) throws -> [Int] {
      guard case .integers(let values)? = attributes[name] else { throw Missing(name: name) }
      return values
    }
    func floats(_ name: String) throws -> [Float] {
      guard case .floats(let values)? = attributes[name] else { throw Missing(name: name) }
      return values
    }
    guard case .strings(let modes)? = attributes["nodes_modes"], case .integer(let targets)? = attributes["n_targets"]
    else { throw Missing(name: "nodes_modes") }
    self.targets = targets
    let (trees, numbers) = (try integers("nodes_treeids"), try integers("nodes_nodeids"))
    let (yes, no) = (try integers("nodes_truenodeids"), try integers("nodes_falsenodeids"))
    let (features, values) = (try integers("nodes_featureids"), try floats("nodes_values"))
    for index in trees.indices {
      nodes[Place(tree: trees[index], node: numbers[index])] = Node(
        feature: features[index], value: values[index], isLeaf: modes[index] == "LEAF", yes: yes[index], no: no[index])
    }
    let (leafTrees, leafNodes) = (try integers("target_treeids"), try integers("target_nodeids"))
    let (ids, leafWeights) = (try integers("target_ids"), try floats("target_weights"))
    for index in leafTrees.indices {
      weights[Place(tree: leafTrees[index], node: leafNodes[index]), default: []]
        .append((ids[index], leafWeights[index]))
    }
  }

  func sums(_ row: [Float]) -> [Float] {
    var sums = [Float](repeating: 0, count: targets)
    for tree in Set(nodes.keys.map(\.tree)) {
      var place = Place(tree: tree, node: 0)
      while let node = nodes[place], !node.isLeaf {
        place.node = row[node.feature] <= node.value ? node.yes : node.no
      }
      for (target, weight) in weights[place] ?? [] { sums[target] += weight }
    }
    return sums
  }

  struct Missing: Error { let name: String }
}
