/// Operations between inputs and outputs, each after those whose results it needs.
package struct GraphProto: ProtobufMessage {
  package var name: String
  package var nodes: [NodeProto] = []
  /// Constants.
  package var initialisers: [TensorProto] = []
  package var inputs: [ValueInfoProto] = []
  package var outputs: [ValueInfoProto] = []

  package init(name: String) { self.name = name }

  package func write(to writer: inout ProtobufWriter) {
    for node in nodes { writer.message(1, node) }
    writer.string(2, name)
    for initialiser in initialisers { writer.message(5, initialiser) }
    for input in inputs { writer.message(11, input) }
    for output in outputs { writer.message(12, output) }
  }
}

/// Name, type and shape of a graph's input or output.
package struct ValueInfoProto: ProtobufMessage {
  /// The length along one axis.
  package enum Dimension: Sendable, Equatable {
    case fixed(Int)
    /// Whatever the caller brings; equal names are equal lengths.
    case named(String)
  }

  package var name: String
  package var type: ElementType
  package var shape: [Dimension]
  /// For people; nothing where empty.
  package var documentation: String

  package init(name: String, type: ElementType, shape: [Dimension], documentation: String = "") {
    self.name = name
    self.type = type
    self.shape = shape
    self.documentation = documentation
  }

  package func write(to writer: inout ProtobufWriter) {
    writer.string(1, name)
    writer.message(2, TypeProto(element: type, shape: shape))
    if !documentation.isEmpty { writer.string(3, documentation) }
  }
}

/// TypeProto with its one case that is needed here, a tensor.
private struct TypeProto: ProtobufMessage {
  var element: ElementType
  var shape: [ValueInfoProto.Dimension]

  func write(to writer: inout ProtobufWriter) { writer.message(1, TensorType(element: element, shape: shape)) }

  private struct TensorType: ProtobufMessage {
    var element: ElementType
    var shape: [ValueInfoProto.Dimension]

    func write(to writer: inout ProtobufWriter) {
      writer.integer(1, Int64(element.rawValue))
      writer.message(2, TensorShape(dimensions: shape))
    }
  }

  private struct TensorShape: ProtobufMessage {
    var dimensions: [ValueInfoProto.Dimension]

    func write(to writer: inout ProtobufWriter) { for dimension in dimensions { writer.message(1, dimension) } }
  }
}

extension ValueInfoProto.Dimension: ProtobufMessage {
  package func write(to writer: inout ProtobufWriter) {
    switch self {
    case .fixed(let length): writer.integer(1, Int64(length))
    case .named(let name): writer.string(2, name)
    }
  }
}
