/// One operation of a graph.
package struct NodeProto: ProtobufMessage {
  /// Names of values; an empty one stands for an optional input that is not given.
  package var inputs: [String]
  package var outputs: [String]
  package var name: String
  /// Such as `Gemm`.
  package var operation: String
  package var attributes: [AttributeProto]
  package var domain: OperatorDomain

  package init(
    _ operation: String, domain: OperatorDomain = .standard, inputs: [String], outputs: [String], name: String = "",
    attributes: [AttributeProto] = []
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.name = name
    self.operation = operation
    self.attributes = attributes
    self.domain = domain
  }

  package func write(to writer: inout ProtobufWriter) {
    for input in inputs { writer.string(1, input) }
    for output in outputs { writer.string(2, output) }
    if !name.isEmpty { writer.string(3, name) }
    writer.string(4, operation)
    for attribute in attributes { writer.message(5, attribute) }
    if domain != .standard { writer.string(7, domain.rawValue) }
  }
}

/// Where operations are defined.
package enum OperatorDomain: String, Sendable {
  /// ai.onnx, whose name is the empty one.
  case standard = ""
  /// Classical machine learning.
  case machineLearning = "ai.onnx.ml"
}

/// A named setting of a node.
package struct AttributeProto: ProtobufMessage {
  package enum Value: Sendable, Equatable {
    case float(Float)
    case integer(Int)
    case string(String)
    case floats([Float])
    case integers([Int])
    case strings([String])
    /// The body of a loop.
    case graph(GraphProto)

    /// AttributeProto.AttributeType
    fileprivate var type: Int64 {
      switch self {
      case .float: 1
      case .integer: 2
      case .string: 3
      case .graph: 5
      case .floats: 6
      case .integers: 7
      case .strings: 8
      }
    }
  }

  package var name: String
  package var value: Value

  package init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  package func write(to writer: inout ProtobufWriter) {
    writer.string(1, name)
    switch value {
    case .float(let value): writer.float(2, value)
    case .integer(let value): writer.integer(3, Int64(value))
    case .string(let value): writer.string(4, value)
    case .graph(let value): writer.message(6, value)
    case .floats(let values): for value in values { writer.float(7, value) }
    case .integers(let values): for value in values { writer.integer(8, Int64(value)) }
    case .strings(let values): for value in values { writer.string(9, value) }
    }
    writer.integer(20, value.type)
  }
}
