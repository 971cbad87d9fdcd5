import ONNX

/// Operations that graphs of several kinds of models need.
extension GraphBuilder {
  /// A constant number, 32-bit.
  mutating func scalar(_ name: String, _ value: Float) -> String { constant(name, shape: [], .floats([value])) }

  /// A constant number, 64-bit.
  mutating func wideScalar(_ name: String, _ value: Double) -> String { constant(name, shape: [], .doubles([value])) }

  /// A constant row of whole numbers.
  mutating func integers(_ name: String, _ values: [Int]) -> String {
    constant(name, shape: [values.count], .integers(values.map { Int64($0) }))
  }

  /// `value` with elements of another type.
  mutating func cast(_ value: String, to type: ElementType, name: String) -> String {
    node("Cast", [value], name: name, attributes: [.castTo(type)])
  }

  /// The sum of `value` along `axis`.
  /// - Parameter keeps: whether the axis stays, with length 1.
  mutating func sum(_ value: String, axis: Int, keeps: Bool = false, name: String) -> String {
    node(
      "ReduceSum", [value, integers(name + "_axis", [axis])], name: name,
      attributes: [.init("keepdims", .integer(keeps ? 1 : 0))])
  }

  /// The greatest of `value` along axis 1, which stays with length 1.
  mutating func rowMaximum(_ value: String, name: String) -> String {
    node("ReduceMax", [value], name: name, attributes: [.init("axes", .integers([1])), .init("keepdims", .integer(1))])
  }

  /// The columns `places` of a matrix, in that order.
  mutating func columns(_ value: String, _ places: [Int], name: String) -> String {
    node("Gather", [value, integers(name + "_places", places)], name: name, attributes: [.init("axis", .integer(1))])
  }
}

extension AttributeProto {
  /// What the operation Cast makes.
  static func castTo(_ type: ElementType) -> AttributeProto { AttributeProto("to", .integer(Int(type.rawValue))) }
}
