import CVectorMath
import TrainingDefinition

/// The kernel function of a support vector machine, with the parameters that libsvm gives it.
package struct SupportVectorKernel: Codable, Sendable, Equatable {
  package var function: KernelFunction
  package var gamma: Double
  package var coef0: Double
  package var degree: Int

  package init(_ function: KernelFunction, gamma: Double = 1, coef0: Double = 0, degree: Int = 3) {
    self.function = function
    self.gamma = gamma
    self.coef0 = coef0
    self.degree = degree
  }

  /// Turns dot products of one row with `count` others into kernel values, in place.
  /// - Parameters:
  ///   - norms: squared lengths of the other rows.
  ///   - norm: the squared length of the one row.
  func apply(_ values: UnsafeMutablePointer<Float>, norms: UnsafePointer<Float>, norm: Float, count: Int) {
    switch function {
    case .rbf: cvectormath_rbf(values, norms, norm, Float(gamma), count)
    case .linear: break
    case .poly: cvectormath_polynomial(values, Float(gamma), Float(coef0), Int32(clamping: degree), count)
    case .sigmoid: cvectormath_sigmoid(values, Float(gamma), Float(coef0), count)
    }
  }

  /// Whether the values of all rows whose squared length is at most `norm` are finite in 32 bits, and so are differences
  /// of them: no dot product of two such rows is larger than `norm`.
  func isFinite(upTo norm: Float) -> Bool {
    let base = Double(norm)
    let largest =
      switch function {
      case .rbf: base
      case .linear: base
      case .sigmoid: abs(gamma) * base + abs(coef0)
      case .poly: (0..<degree).reduce(1.0) { value, _ in value * (abs(gamma) * base + abs(coef0)) }
      }
    return largest < Double(Float.greatestFiniteMagnitude) / 8
  }

  /// The value of a row with itself.
  func diagonal(norm: Float) -> Double {
    var value = norm
    if function == .rbf { return 1 }
    apply(&value, norms: [norm], norm: norm, count: 1)
    return Double(value)
  }
}
