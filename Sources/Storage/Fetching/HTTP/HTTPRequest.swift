/// One GET: where, and with what.
struct HTTPRequest {
  var url: String
  /// For messages.
  var shown: String
  var headers: [String] = []
  /// Signs the request (AWS signature version 4).
  var signature: Signature?
  var allowsPlainHTTP: Bool
  var followsRedirects: Bool
  var connectTimeout: Duration
  var stallTimeout: Duration

  struct Signature {
    var region: String
    var credentials: S3Settings.Credentials
  }
}

/// The head of an answer, as far as a download needs it.
struct HTTPHead: Equatable {
  var status = 0
  var eTag: String?
  var lastModified: String?
  /// First byte and whole length out of `Content-Range`; nil for what it does not tell.
  var rangeStart: Int?
  var rangeTotal: Int?
  var contentLength: Int?
  var bucketRegion: String?

  /// Takes in a line of the head. A status line begins a new one: what was said by a redirect is forgotten.
  mutating func take(_ line: String) {
    if line.hasPrefix("HTTP/") {
      self = HTTPHead()
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    var value = line[line.index(after: colon)...]
    while value.first?.isWhitespace == true { value.removeFirst() }
    while value.last?.isWhitespace == true { value.removeLast() }
    switch line[..<colon].lowercased() {
    case "etag": eTag = String(value)
    case "last-modified": lastModified = String(value)
    case "content-length": contentLength = Int(value)
    case "x-amz-bucket-region": bucketRegion = String(value)
    case "content-range":
      // bytes 5-9/10, bytes 5-9/*, bytes */10 (RFC 9110, 14.4)
      let parts = value.dropFirst("bytes ".count).split(separator: "/", omittingEmptySubsequences: false)
      rangeStart = parts.first?.split(separator: "-").first.flatMap { Int($0) }
      rangeTotal = parts.count == 2 ? Int(parts[1]) : nil
    default: break
    }
  }

  /// What a later request may ask the server to compare: an entity tag that promises equal bytes, or a date.
  var validator: String? {
    if let eTag, eTag.hasPrefix("\"") { return eTag }
    return eTag == nil ? lastModified : nil
  }
}
