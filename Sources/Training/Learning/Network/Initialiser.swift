/// How fresh weights are drawn: Keras's defaults.
enum Initialiser {
  /// Uniform within √(6/(fanIn + fanOut)) (Glorot and Bengio, 2010).
  static func glorotUniform(
    _ weights: UnsafeMutablePointer<Float>, count: Int, fanIn: Int, fanOut: Int, random: inout SeededRandom
  ) {
    let limit = (6 / Float(fanIn + fanOut)).squareRoot()
    for index in 0..<count { weights[index] = random.uniform(-limit, limit) }
  }

  /// A random matrix [rows×columns], rows ≤ columns, whose rows are orthonormal (Saxe et al., 2014): normal numbers,
  /// then Gram–Schmidt in double precision, twice for each row because once loses orthogonality to rounding.
  static func orthogonal(
    _ weights: UnsafeMutablePointer<Float>, rows: Int, columns: Int, random: inout SeededRandom
  ) {
    precondition(rows <= columns, "more rows than can be orthogonal")
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: rows * columns)
    defer { memory.deallocate() }
    var row = 0
    while row < rows {
      let drawn = memory + row * columns
      for column in 0..<columns { drawn[column] = normal(&random) }
      for other in 0..<(2 * row) {
        let base = memory + other % row * columns
        add(drawn, base, times: -dot(drawn, base, count: columns), count: columns)
      }
      let length = dot(drawn, drawn, count: columns).squareRoot()
      // As good as dependent on the rows before it: draw again.
      guard length > 1e-6 else { continue }
      for column in 0..<columns {
        drawn[column] /= length
        weights[row * columns + column] = Float(drawn[column])
      }
      row += 1
    }
  }

  private static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
    var sum = 0.0
    var index = 0
    while index < count {
      sum += a[index] * b[index]
      index &+= 1
    }
    return sum
  }

  private static func add(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafePointer<Double>, times factor: Double, count: Int
  ) {
    var index = 0
    while index < count {
      a[index] += factor * b[index]
      index &+= 1
    }
  }

  /// As good as normal: the sum of twelve uniform numbers less 6 has mean 0 and variance 1. Only the direction of a
  /// whole row of them is used, and additions are the same on every machine where logarithms may not be.
  private static func normal(_ random: inout SeededRandom) -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += Double(random.uniform()) }
    return sum
  }
}
