/// Order statistics of repeated measurements.
extension [Double] {
  /// The value that half of the measurements do not exceed; NaN of none.
  var median: Double { quantile(0.5) }

  /// Linear interpolation between the two nearest ranks.
  func quantile(_ share: Double) -> Double {
    guard !isEmpty else { return .nan }
    let ordered = sorted()
    let position = share * Double(count - 1)
    let low = Int(position)
    let high = Swift.min(low + 1, count - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - Double(low))
  }
}

extension Double {
  func text(_ digits: Int = 1) -> String {
    guard isFinite else { return "-" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (self * scale).rounded()
    let whole = Int(scaled / scale)
    guard digits > 0 else { return "\(whole)" }
    let fraction = String(Int(scaled.magnitude) % Int(scale))
    return "\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
