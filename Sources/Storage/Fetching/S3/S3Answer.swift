/// What S3 says about a failure: a short XML document.
enum S3Answer {
  /// The text of the element `Code`, such as `NoSuchKey`; nil where there is none.
  static func code(_ body: [UInt8]) -> String? {
    let text = String(decoding: body, as: UTF8.self)
    guard let start = text.firstRange(of: "<Code>"), let end = text[start.upperBound...].firstRange(of: "</Code>")
    else { return nil }
    let code = text[start.upperBound..<end.lowerBound]
    return code.count <= 64 && code.allSatisfy { $0.isLetter || $0.isNumber } ? String(code) : nil
  }
}
