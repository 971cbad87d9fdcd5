/// The parts of a connection string that secrets are in, found without trusting that it is well-formed.
struct URIPieces {
  let scheme: String
  /// Whether an `@` stands where none may, most likely because a password is not percent-encoded.
  let hasStrayAt: Bool
  /// As they stand in the text, and percent-decoded.
  let secrets: [String]

  static let unescaped = MongoError(
    .invalidURI,
    "the MongoDB URI cannot be used: user name and password need : / ? # [ ] @ and % written percent-encoded")

  private static let secretOptions = [
    "tlscertificatekeyfilepassword", "sslclientcertificatekeypassword", "authmechanismproperties",
  ]

  init(_ text: String) throws(MongoError) {
    guard let scheme = MongoURI.schemes.first(where: { text.lowercased().hasPrefix($0) }) else {
      throw MongoError(.invalidURI, "a MongoDB URI begins with mongodb:// or mongodb+srv://")
    }
    self.scheme = scheme
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let options = rest.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
    let userInfo = authority.lastIndex(of: "@").map { authority[..<$0] }
    hasStrayAt = (userInfo?.contains("@") ?? false) || rest[authority.endIndex...].contains("@")

    var secrets: [Substring] = []
    if let password = userInfo?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
    {
      secrets.append(password)
    }
    for option in options.split(separator: "&") {
      let parts = option.split(separator: "=", maxSplits: 1)
      if parts.count == 2, Self.secretOptions.contains(parts[0].lowercased()) { secrets.append(parts[1]) }
    }
    self.secrets = secrets.flatMap { [String($0), Self.decoded($0)] }
  }

  /// `text` with its percent escapes (RFC 3986, 2.1) read; what is no escape stays as it is.
  static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.first {
      if byte == UInt8(ascii: "%"), rest.count > 2, let escaped = Substring(rest.dropFirst().prefix(2)).hexByte {
        bytes.append(escaped)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Substring {
  /// Two hexadecimal digits; nil for anything else.
  fileprivate var hexByte: UInt8? { allSatisfy(\.isHexDigit) ? UInt8(self, radix: 16) : nil }
}
