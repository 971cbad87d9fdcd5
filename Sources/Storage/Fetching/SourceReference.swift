/// What a data set URI points to.
struct SourceReference: Equatable {
  enum Place: Equatable {
    case file(String)
    /// The whole address without fragment.
    case http(String)
    case s3(bucket: String, key: String)
  }

  let place: Place
  /// In lower-case hexadecimal; nil where nothing is to be checked.
  let sha256: String?
  /// For messages: without user, password, query and fragment.
  let shown: String

  static let supported = ["paths", "file://", "https://", "s3://"]

  /// - Parameter sha256: what the bytes must have, where the URI has no `#sha256=…` of its own.
  /// - Throws: `invalidSource`, `unsupportedScheme`.
  init(_ uri: String, sha256: String?) throws(SourceError) {
    let parts = uri.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let address = String(parts.first ?? "")
    guard !address.isEmpty, !address.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw .invalidSource(
        field: "dataset.uri", value: Self.printable(address), expected: "a path or a URI, without control characters")
    }
    self.sha256 = try Self.checksum(fragment: parts.count == 2 ? String(parts[1]) : nil, field: sha256)
    guard let mark = address.firstRange(of: "://") else {
      place = .file(address)
      shown = address
      return
    }
    let rest = String(address[mark.upperBound...])
    let scheme = address[..<mark.lowerBound].lowercased()
    switch scheme {
    case "file":
      let path = rest.hasPrefix("localhost/") ? String(rest.dropFirst("localhost".count)) : rest
      guard path.hasPrefix("/"), let plain = path.removingPercentEscapes() else {
        throw .invalidSource(field: "dataset.uri", value: address, expected: "file:/// and an absolute path")
      }
      place = .file(plain)
      shown = address
    case "http", "https":
      shown = "\(scheme)://" + Self.withoutSecrets(rest)
      guard !Self.host(rest).isEmpty, !rest.contains(" ") else {
        throw .invalidSource(field: "dataset.uri", value: shown, expected: "\(scheme)://, a host and a path")
      }
      place = .http("\(scheme)://\(rest)")
    case "s3":
      let names = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard names.count == 2, !names[1].isEmpty, !names[1].hasSuffix("/"), Self.isBucket(names[0]) else {
        throw .invalidSource(field: "dataset.uri", value: address, expected: "s3://bucket/key")
      }
      place = .s3(bucket: names[0], key: names[1])
      shown = address
    default:
      throw .unsupportedScheme(scheme: String(scheme.prefix(32)), supported: Self.supported)
    }
  }

  /// The last part of the path: the file's name in the cache, which may tell its format.
  var fileName: String {
    let path: Substring
    switch place {
    case .file(let file): path = file[...]
    case .http(let url):
      let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
      path = rest.prefix { $0 != "?" }.drop { $0 != "/" }
    case .s3(_, let key): path = key[...]
    }
    let last = String(path.split(separator: "/").last ?? "data")
    let safe = (last.removingPercentEscapes() ?? last).filter { $0 != "/" && !$0.isNewline && $0 != "\0" }
    // Names starting with a point would be hidden, or "..".
    return safe.isEmpty || safe.hasPrefix(".") ? "data" : String(safe.suffix(120))
  }

  /// Whether an address of http stays on this machine.
  static func isLoopback(_ url: String) -> Bool {
    guard let mark = url.firstRange(of: "://") else { return false }
    let host = host(String(url[mark.upperBound...])).lowercased()
    return host == "localhost" || host == "[::1]" || host.hasSuffix(".localhost")
      || host.split(separator: ".", omittingEmptySubsequences: false).count == 4 && host.hasPrefix("127.")
        && host.allSatisfy { $0.isNumber || $0 == "." }
  }

  private static func checksum(fragment: String?, field: String?) throws(SourceError) -> String? {
    var text = field.flatMap { $0.isEmpty ? nil : $0 }
    if let fragment, !fragment.isEmpty {
      guard fragment.lowercased().hasPrefix("sha256=") else {
        throw .invalidSource(
          field: "dataset.uri fragment", value: fragment, expected: "sha256= and 64 hexadecimal digits")
      }
      text = String(fragment.dropFirst("sha256=".count))
    }
    guard let text else { return nil }
    guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else {
      throw .invalidSource(field: "sha256", value: text, expected: "64 hexadecimal digits")
    }
    return text.lowercased()
  }

  private static func authority(_ rest: String) -> Substring { rest.prefix { $0 != "/" && $0 != "?" } }

  private static func host(_ rest: String) -> String {
    let authority = authority(rest)
    let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    if place.hasPrefix("[") { return String(place.prefix { $0 != "]" }) + "]" }
    return String(place.prefix { $0 != ":" })
  }

  static func withoutSecrets(_ rest: String) -> String {
    let authority = authority(rest)
    let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    return String(place) + rest.dropFirst(authority.count).prefix { $0 != "?" }
  }

  private static func isBucket(_ name: String) -> Bool {
    (3...63).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  private static func printable(_ text: String) -> String {
    String(text.prefix(64).map { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } ? $0 : "?" })
  }
}
