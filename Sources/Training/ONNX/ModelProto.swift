/// An ONNX file: a graph, the operator versions it counts on, and text about it (onnx.proto of github.com/onnx/onnx).
package struct ModelProto: ProtobufMessage {
  package var producer: String
  package var documentation: String
  package var graph: GraphProto
  /// Written by ascending key.
  package var metadata: [String: String]

  package init(producer: String, documentation: String = "", graph: GraphProto, metadata: [String: String] = [:]) {
    self.producer = producer
    self.documentation = documentation
    self.graph = graph
    self.metadata = metadata
  }

  /// The oldest versions that have all we need (IR 8 came with ai.onnx.ml 3), so that old runtimes read our files.
  package static let irVersion: Int64 = 8
  package static let versions: [(domain: OperatorDomain, version: Int64)] = [(.standard, 13), (.machineLearning, 3)]
  /// No protobuf reader takes a message of 2 GiB or more.
  package static let maximumBytes = Int(Int32.max)

  package func write(to writer: inout ProtobufWriter) {
    writer.integer(1, Self.irVersion)
    writer.string(2, producer)
    if !documentation.isEmpty { writer.string(6, documentation) }
    writer.message(7, graph)
    for (domain, version) in Self.versions { writer.message(8, OperatorSet(domain: domain, version: version)) }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { writer.message(14, Entry(key: key, value: value)) }
  }

  private struct OperatorSet: ProtobufMessage {
    var domain: OperatorDomain
    var version: Int64

    func write(to writer: inout ProtobufWriter) {
      writer.string(1, domain.rawValue)
      writer.integer(2, version)
    }
  }

  private struct Entry: ProtobufMessage {
    var key: String
    var value: String

    func write(to writer: inout ProtobufWriter) {
      writer.string(1, key)
      writer.string(2, value)
    }
  }
}
