extension String {
  /// This text with spaces up to `width` characters.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

  /// This text in at most `width` characters, the last an ellipsis where something is missing.
  func shortened(to width: Int, ellipsis: String = "…") -> String {
    count <= width ? self : String(prefix(max(0, width - ellipsis.count))) + ellipsis
  }

  /// A decimal text with `digits` behind the point; itself where it is no number.
  func rounded(digits: Int) -> String {
    guard let value = Double(self), value.isFinite else { return self }
    let scale = (0..<digits).reduce(1.0) { result, _ in result * 10 }
    let whole = (abs(value) * scale).rounded()
    guard whole < 1e15 else { return self }
    let text = String(Int64(whole)).leftPadded(to: digits + 1).replacing(" ", with: "0")
    let sign = value < 0 && whole > 0 ? "-" : ""
    return digits == 0 ? sign + text : "\(sign)\(text.dropLast(digits)).\(text.suffix(digits))"
  }
}
