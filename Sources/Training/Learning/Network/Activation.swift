import CKernels

/// A function of each unit by itself.
package enum Activation: String, CaseIterable, Sendable {
  /// y = x
  case linear
  /// y = max(x, 0)
  case relu
  case tanh
  /// y = 1/(1 + e^−x)
  case sigmoid

  var code: Int32 {
    switch self {
    case .linear: Int32(CK_LINEAR)
    case .relu: Int32(CK_RELU)
    case .tanh: Int32(CK_TANH)
    case .sigmoid: Int32(CK_SIGMOID)
    }
  }

  /// The derivative is told by the output's sign alone, so a dropout may scale the output in place: what it drops
  /// becomes 0, and there the gradient is 0 already.
  var needsOnlySign: Bool { self == .linear || self == .relu }

  /// y = f(x) for `count` numbers. May work in place.
  func apply(_ output: UnsafeMutablePointer<Float>, _ input: UnsafePointer<Float>, count: Int) {
    ck_activate(code, output, input, count)
  }

  /// The loss by x from the loss by y, and y. May work in place.
  func applyBackward(
    _ inputGradient: UnsafeMutablePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    output: UnsafePointer<Float>, count: Int
  ) {
    ck_activate_backward(code, inputGradient, outputGradient, output, count)
  }
}
