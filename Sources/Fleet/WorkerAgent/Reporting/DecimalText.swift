/// Numbers as the API carries them: decimal text without an exponent (Kubernetes API conventions allow no floats).
package enum DecimalText {
  /// `value` rounded to `digits` places behind the point; nil for what is not finite or too large to write.
  package static func text(_ value: Double, digits: Int) -> String? {
    var scale: Double = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard scaled.isFinite, scaled.magnitude < 9e15 else { return nil }
    let units = Int64(scaled.magnitude)
    let power = Int64(scale)
    let sign = scaled < 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(units)" }
    let fraction = String(units % power)
    return "\(sign)\(units / power)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
