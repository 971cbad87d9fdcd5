import ONNX

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension TrainedModel {
  /// The names of what an exported graph gives.
  package enum ONNXOutput {
    /// The most probable class of each row, [N] strings.
    package static let label = "label"
    /// The probabilities of each row in the order of the classes, [N×classes].
    package static let probabilities = "probabilities"
  }

  /// The model as an ONNX graph with its preprocessing inside: raw values in, label and probabilities out.
  ///
  /// Inputs: for tables one [N×1] a column under the column's name, text for categories (empty, or a word that training
  /// never saw: not known), numbers as double (NaN: not known; booleans are 1 and 0); for images one uint8
  /// [N×height×width] named `image`.
  /// - Throws: `notExportable`.
  package func onnx() throws(LearningError) -> ModelProto {
    let preprocessing = description.preprocessing
    var builder = GraphBuilder(name: description.algorithm, reserved: [ONNXOutput.label, ONNXOutput.probabilities])
    let features = builder.features(of: preprocessing)
    let probabilities = try description.structure.append(
      tensors, for: preprocessing, features: features, to: &builder)
    builder.outputs(probabilities: probabilities, classes: preprocessing.classes)
    return ModelProto(
      producer: "TensorFleet", graph: builder.graph,
      metadata: [
        "algorithm": description.algorithm, "target": preprocessing.targetColumn ?? "",
        "classes": Self.json(preprocessing.classes),
      ])
  }

  /// The bytes of an ONNX file; see `onnx`.
  /// - Throws: `notExportable`.
  package func onnxData() throws(LearningError) -> Data {
    let bytes = try onnx().encoded()
    guard bytes.count <= ModelProto.maximumBytes else {
      throw .notExportable(detail: "it would have \(bytes.count) bytes; an ONNX file has less than 2 GiB")
    }
    return Data(bytes)
  }

  /// Labels may hold any character, so a list of them needs a notation with quotes.
  private static func json(_ texts: [String]) -> String {
    (try? JSONEncoder().encode(texts)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }
}

extension GraphBuilder {
  /// Ends the graph: `label` is the first of the most probable classes, as everywhere in this project.
  fileprivate mutating func outputs(probabilities: String, classes: [String]) {
    let best = node(
      "ArgMax", [probabilities], name: "class",
      attributes: [.init("axis", .integer(1)), .init("keepdims", .integer(0))])
    output(
      TrainedModel.ONNXOutput.label, .string, shape: [.named("N")], from: "LabelEncoder", domain: .machineLearning,
      [best],
      attributes: [.init("keys_int64s", .integers(Array(classes.indices))), .init("values_strings", .strings(classes))])
    output(
      TrainedModel.ONNXOutput.probabilities, .float, shape: [.named("N"), .fixed(classes.count)], from: "Identity",
      [probabilities])
  }
}
