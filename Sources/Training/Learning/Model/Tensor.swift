/// A named array of numbers, row-major.
package struct Tensor: Sendable, Equatable {
  /// The numbers, in one of three types.
  package enum Values: Sendable, Equatable {
    case floats([Float])
    case doubles([Double])
    case integers([Int32])

    var count: Int {
      switch self {
      case .floats(let values): values.count
      case .doubles(let values): values.count
      case .integers(let values): values.count
      }
    }
  }

  package var name: String
  package var shape: [Int]
  package var values: Values

  /// A 32-bit tensor; `shape`'s product is the number of values.
  package init(name: String, shape: [Int], floats: [Float]) {
    precondition(shape.reduce(1, *) == floats.count, "shape and values differ")
    self.name = name
    self.shape = shape
    values = .floats(floats)
  }

  /// A 64-bit tensor; `shape`'s product is the number of values.
  package init(name: String, shape: [Int], doubles: [Double]) {
    precondition(shape.reduce(1, *) == doubles.count, "shape and values differ")
    self.name = name
    self.shape = shape
    values = .doubles(doubles)
  }

  /// A tensor of 32-bit integers; `shape`'s product is the number of values.
  package init(name: String, shape: [Int], integers: [Int32]) {
    precondition(shape.reduce(1, *) == integers.count, "shape and values differ")
    self.name = name
    self.shape = shape
    values = .integers(integers)
  }

  /// The values if they are 32-bit floats.
  package var floats: [Float]? {
    if case .floats(let values) = values { return values }
    return nil
  }

  /// The values if they are 32-bit integers.
  package var integers: [Int32]? {
    if case .integers(let values) = values { return values }
    return nil
  }

  /// The values if they are 64-bit floats.
  package var doubles: [Double]? {
    if case .doubles(let values) = values { return values }
    return nil
  }
}
