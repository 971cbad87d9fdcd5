/// Passwords within URIs: they belong into a Secret, not into an object's spec, which many may read.
package enum URIPassword {
  /// The rule in CEL, of a field `value` that may be missing. A short expression: the API server refuses rules that it
  /// estimates to cost too much, and estimates by the lengths of both the expression and the longest value.
  static let rule = CELRule("!has(self.value) || !self.value.matches('^[^/?#]+://[^/?#@]*:[^/?#]*@')", requirement)

  static let requirement = "must hold no password: put it into a Secret, and name that by valueFrom.secretKeyRef"

  /// Whether a text is a URI (RFC 3986) with user and password: `mongodb://fleet:secret@host/db`.
  package static func isIn(_ text: String) -> Bool {
    guard let end = text.firstRange(of: "://"), text[..<end.lowerBound].allSatisfy(isOfScheme),
      text.first?.isLetter == true
    else { return false }
    let authority = text[end.upperBound...].prefix { !"/?#".contains($0) }
    guard let at = authority.lastIndex(of: "@") else { return false }
    let user = authority.prefix { $0 != ":" && $0 != "@" }
    return user.endIndex < at && authority[user.endIndex] == ":"
  }

  private static func isOfScheme(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "+.-".contains(character))
  }
}
