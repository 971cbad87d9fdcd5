import Foundation
import ONNX
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct ONNXExportTests {
  private func trained(_ algorithm: String, _ dataset: DatasetRequest, _ hyperparameters: [String: String] = [:]) throws
    -> TrainedModel
  {
    let request = TrainingRequest(
      algorithm: algorithm, hyperparameters: hyperparameters, dataset: dataset, epochs: 1, batchSize: 64)
    let session = try Trainer.load(request, dataRoot: Fixtures.packageRoot)
    try session.step()
    return try session.finish()
  }

  private let iris = DatasetRequest(uri: Fixtures.iris, targetColumn: "Species", dropColumns: ["Id"])

  @Test func tablesGoInByColumnAndLabelAndProbabilitiesComeOut() throws {
    let graph = try trained("LogisticRegression", iris).onnx().graph
    #expect(graph.inputs.map(\.name) == ["SepalLengthCm", "SepalWidthCm", "PetalLengthCm", "PetalWidthCm"])
    #expect(graph.inputs.allSatisfy { $0.type == .double && $0.shape == [.named("N"), .fixed(1)] })
    #expect(graph.outputs.map(\.name) == ["label", "probabilities"])
    #expect(graph.outputs.map(\.type) == [.string, .float])
    #expect(graph.outputs.map(\.shape) == [[.named("N")], [.named("N"), .fixed(3)]])
  }

  @Test(arguments: Algorithm.allCases) func everyValueIsMadeBeforeItIsUsed(algorithm: Algorithm) throws {
    let data = algorithm == .cnn ? DatasetRequest(uri: "builtin://digits?count=60") : iris
    try GraphCheck.check(try trained(algorithm.rawValue, data).onnx().graph)
  }

  @Test func theFirstOperationsAreThoseOfTheEncoder() throws {
    let model = try trained("LogisticRegression", iris)
    let graph = try model.onnx().graph
    #expect(
      graph.nodes.map(\.operation) == [
        "Concat", "IsNaN", "Where", "Sub", "Div", "Cast", "Gemm", "Softmax", "ArgMax", "LabelEncoder",
        "Identity",
      ])
    guard case .table(let columns) = model.description.preprocessing.input else { throw Failure.unexpectedInput }
    for (name, values) in [
      ("fill", columns.map(\.fill)), ("mean", columns.map(\.mean)), ("deviation", columns.map(\.deviation)),
    ] {
      let tensor = try #require(graph.initialisers.first { $0.name == name })
      #expect(tensor == TensorProto(name: name, shape: [1, 4], .doubles(values)))
    }
  }

  @Test func dropoutLeavesNoTraceAndWeightsAreTheModels() throws {
    let model = try trained("MLP", iris)
    let graph = try model.onnx().graph
    #expect(
      graph.nodes.map(\.operation).filter { ["Gemm", "Relu", "Dropout"].contains($0) }
        == ["Gemm", "Relu", "Gemm", "Relu", "Gemm"])
    for tensor in model.tensors {
      let copy = try #require(graph.initialisers.first { $0.name == tensor.name })
      #expect(copy.shape == tensor.shape)
      #expect(copy.values == .floats(tensor.floats ?? []))
    }
  }

  @Test func categoriesAreLookedUpAndWhatIsNotKnownIsNaN() throws {
    let rows = (0..<30).map { ["red,true,x", "green,false,y", "blue,true,z"][$0 % 3] }.joined(separator: "\n")
    // A column may be called like an output of the graph.
    let dataset = try TableDataset.make(
      try CSVTable(text: "label,flag,y\n" + rows), request: Fixtures.request(testFraction: 0.2))
    let session = try Trainer.load(
      TrainingRequest(algorithm: "LogisticRegression", dataset: Fixtures.request(testFraction: 0.2)), dataset: dataset)
    try session.step()
    let graph = try session.finish().onnx().graph
    try GraphCheck.check(graph)
    #expect(graph.inputs.map(\.type) == [.string, .double])
    #expect(graph.inputs.first?.name == "label_input")
    let encoder = try #require(graph.nodes.first { $0.inputs == ["label_input"] })
    #expect(encoder.operation == "LabelEncoder")
    #expect(encoder.domain == .machineLearning)
    let attributes = Dictionary(uniqueKeysWithValues: encoder.attributes.map { ($0.name, $0.value) })
    #expect(attributes["keys_strings"] == .strings(["blue", "green", "red"]))
    #expect(attributes["values_floats"] == .floats([0, 1, 2]))
    guard case .float(let unknown)? = attributes["default_float"] else { throw Failure.unexpectedInput }
    #expect(unknown.isNaN)
  }

  @Test func imagesGoInAsBytes() throws {
    let model = try trained("LogisticRegression", DatasetRequest(uri: "builtin://digits?count=60"))
    let graph = try model.onnx().graph
    try GraphCheck.check(graph)
    #expect(
      graph.inputs == [
        ValueInfoProto(
          name: "image", type: .uint8, shape: [.named("N"), .fixed(28), .fixed(28)],
          documentation: "pixels as in the file")
      ])
    #expect(graph.nodes.prefix(3).map(\.operation) == ["Cast", "Mul", "Flatten"])
  }

  @Test func labelsAreTheModelsClassesInTheirOrder() throws {
    let model = try trained("LogisticRegression", iris)
    let last = try #require(try model.onnx().graph.nodes.first { $0.outputs == ["label"] })
    let attributes = Dictionary(uniqueKeysWithValues: last.attributes.map { ($0.name, $0.value) })
    #expect(attributes["keys_int64s"] == .integers([0, 1, 2]))
    #expect(attributes["values_strings"] == .strings(model.description.preprocessing.classes))
  }

  @Test func theSameModelGivesTheSameBytes() throws {
    let model = try trained("DNN", iris)
    #expect(try model.onnxData() == TrainedModel(decoding: try model.encoded()).onnxData())
  }

  private enum Failure: Error { case unexpectedInput }
}
