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

  /// Whether an argument of a program has such a URI in it: `mongodb://…`, or `--registry=mongodb://…`.
  package static func isInArgument(_ argument: String) -> Bool {
    isIn(argument) || argument.firstIndex(of: "=").map { isIn(String(argument[argument.index(after: $0)...])) } ?? false
  }

  /// Whether what is meant to be a location may have a password in it. More is taken for one than by ``isIn(_:)``: a password
  /// may hold anything, so whatever stands before the last @ counts.
  package static func mayBeInLocation(_ location: String) -> Bool {
    guard let scheme = location.firstRange(of: "://"), !location.hasPrefix("file:") else { return false }
    let rest = location[scheme.upperBound...]
    guard let at = rest.lastIndex(of: "@") else { return false }
    return rest[..<at].contains(":")
  }

  private static func isOfScheme(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "+.-".contains(character))
  }
}
