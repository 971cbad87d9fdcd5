import TrainingDefinition

/// The patterns of ``Pattern`` as code: regular expressions would cost the operator more memory and time than all else
/// that validation does. A test holds the two to each other.
package enum TextSyntax: Sendable, CaseIterable {
  case objectName, registryName, parameterName, share, sha256, environmentName, labelKey, quantity

  /// The regular expression of the same meaning.
  package var pattern: String {
    switch self {
    case .objectName: Pattern.objectName
    case .registryName: Pattern.registryName
    case .parameterName: Pattern.parameterName
    case .share: Pattern.share
    case .sha256: Pattern.sha256
    case .environmentName: Pattern.environmentName
    case .labelKey: Pattern.labelKey
    case .quantity: Pattern.quantity
    }
  }

  /// What a text must be, for error messages.
  package var requirement: String {
    switch self {
    case .objectName:
      "must be a name of lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit"
    case .registryName: "must be letters, digits, '.', '_' and '-', beginning and ending with a letter or digit"
    case .parameterName: "must be letters, digits and '_', beginning with a letter"
    case .share: "must be \(Share.requirement)"
    case .sha256: "must be 64 hexadecimal digits"
    case .environmentName: "must be letters, digits and '_', not beginning with a digit"
    case .labelKey: "must be a label's key, such as topology.kubernetes.io/zone"
    case .quantity: "must be a quantity that is not negative, such as 500m or 2Gi"
    }
  }

  /// Whether `text` has this syntax.
  package func accepts(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    switch self {
    case .objectName: return Self.isDNSName(bytes[...])
    case .registryName: return Self.isWord(bytes[...], inner: Array("._-".utf8))
    case .parameterName: return Self.isIdentifier(bytes, first: Self.isLetter)
    case .environmentName: return Self.isIdentifier(bytes) { Self.isLetter($0) || $0 == UInt8(ascii: "_") }
    case .share: return Share.isValid(text)
    case .sha256: return bytes.count == 64 && bytes.allSatisfy { Self.isDigit($0) || "abcdef".utf8.contains($0 | 0x20) }
    case .labelKey:
      guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else {
        return Self.isWord(bytes[...], inner: Array("-_.".utf8))
      }
      return Self.isWord(bytes[..<slash], inner: Array("-.".utf8), allowsUpper: false)
        && Self.isWord(bytes[(slash + 1)...], inner: Array("-_.".utf8))
    case .quantity: return Self.isQuantity(bytes)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { isLower(byte | 0x20) }

  /// Letters and digits, with `inner` between them.
  private static func isWord(_ bytes: ArraySlice<UInt8>, inner: [UInt8], allowsUpper: Bool = true) -> Bool {
    func isEdge(_ byte: UInt8) -> Bool { isDigit(byte) || (allowsUpper ? isLetter(byte) : isLower(byte)) }
    guard let first = bytes.first, let last = bytes.last, isEdge(first), isEdge(last) else { return false }
    return bytes.allSatisfy { isEdge($0) || inner.contains($0) }
  }

  private static func isDNSName(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy { isWord($0, inner: [UInt8(ascii: "-")], allowsUpper: false) }
  }

  private static func isIdentifier(_ bytes: [UInt8], first isFirst: (UInt8) -> Bool) -> Bool {
    guard let first = bytes.first, isFirst(first) else { return false }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  private static func isQuantity(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    if rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    if rest.first == UInt8(ascii: ".") {
      let decimals = rest.dropFirst().prefix(while: isDigit)
      if whole.isEmpty && decimals.isEmpty { return false }
      rest = rest.dropFirst(1 + decimals.count)
    } else if whole.isEmpty {
      return false
    }
    guard let unit = rest.first else { return true }
    if rest.count == 1 { return "numkMGTPE".utf8.contains(unit) }
    if rest.count == 2, "KMGTPE".utf8.contains(unit), rest.last == UInt8(ascii: "i") { return true }
    guard unit == UInt8(ascii: "e") || unit == UInt8(ascii: "E") else { return false }
    var exponent = rest.dropFirst()
    if let sign = exponent.first, "+-".utf8.contains(sign) { exponent = exponent.dropFirst() }
    return !exponent.isEmpty && exponent.allSatisfy(isDigit)
  }
}
