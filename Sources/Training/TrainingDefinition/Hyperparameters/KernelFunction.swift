/// Which function of two rows the kernel of an SVM is.
package enum KernelFunction: String, Codable, Sendable, CaseIterable {
  /// exp(−gamma·‖x − y‖²)
  case rbf
  /// x·y
  case linear
  /// (gamma·x·y + coef0)^degree
  case poly
  /// tanh(gamma·x·y + coef0)
  case sigmoid
}
