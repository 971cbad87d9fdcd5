/// The element types of tensors that this project uses, with their numbers in onnx.proto.
package enum ElementType: Int32, Sendable {
  case float = 1
  case uint8 = 2
  case int64 = 7
  case string = 8
  case bool = 9
  case double = 11
}

/// A constant of a graph, row-major.
package struct TensorProto: ProtobufMessage {
  /// The elements; their type is the tensor's.
  package enum Values: Sendable, Equatable {
    case floats([Float])
    case doubles([Double])
    case integers([Int64])
    case strings([String])
    case booleans([Bool])

    package var count: Int {
      switch self {
      case .floats(let values): values.count
      case .doubles(let values): values.count
      case .integers(let values): values.count
      case .strings(let values): values.count
      case .booleans(let values): values.count
      }
    }

    package var type: ElementType {
      switch self {
      case .floats: .float
      case .doubles: .double
      case .integers: .int64
      case .strings: .string
      case .booleans: .bool
      }
    }
  }

  package var name: String
  /// No dimensions: a single value.
  package var shape: [Int]
  package var values: Values

  /// - Parameter shape: its product is the number of values.
  package init(name: String = "", shape: [Int], _ values: Values) {
    precondition(shape.reduce(1, *) == values.count, "shape and values differ")
    self.name = name
    self.shape = shape
    self.values = values
  }

  package func write(to writer: inout ProtobufWriter) {
    for size in shape { writer.integer(1, Int64(size)) }
    writer.integer(2, Int64(values.type.rawValue))
    if case .strings(let strings) = values {
      for string in strings { writer.string(6, string) }
    }
    if !name.isEmpty { writer.string(8, name) }
    // raw_data is little-endian, as is every platform Swift supports on Linux.
    switch values {
    case .floats(let values): values.withUnsafeBytes { writer.data(9, Array($0)) }
    case .doubles(let values): values.withUnsafeBytes { writer.data(9, Array($0)) }
    case .integers(let values): values.withUnsafeBytes { writer.data(9, Array($0)) }
    case .booleans(let values): writer.data(9, values.map { $0 ? 1 : 0 })
    case .strings: break
    }
  }
}
