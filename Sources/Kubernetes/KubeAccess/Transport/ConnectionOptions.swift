import CCurl
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The options that all transfers of a transport share. Certificates lie in memory that is never moved, for libcurl
/// reads them in place.
///
/// Unchecked Sendable: nothing changes after `init`.
final class ConnectionOptions: @unchecked Sendable {
  private let identity: ServerIdentity
  private let authority: UnsafeRawBufferPointer?
  private let certificate: UnsafeRawBufferPointer?
  private let key: UnsafeRawBufferPointer?
  private let base: String
  /// A `CURLOPT_CONNECT_TO` entry: connects to the URL's host though the URL names the certificate's.
  private let connectTo: UnsafeMutablePointer<curl_slist>?

  init(_ identity: ServerIdentity) {
    self.identity = identity
    authority = identity.certificateAuthority.map(Self.pin)
    certificate = identity.clientCertificate.map(Self.pin)
    key = identity.clientKey.map(Self.pin)
    if let name = identity.tlsServerName, let host = Self.host(of: identity.url) {
      base = identity.url.replacing("://\(host)", with: "://\(name)", maxReplacements: 1)
      connectTo = curl_slist_append(nil, "\(name)::\(host):")
    } else {
      base = identity.url
      connectTo = nil
    }
  }

  deinit {
    for bytes in [authority, certificate, key] { bytes?.deallocate() }
    curl_slist_free_all(connectTo)
  }

  private static func pin(_ data: Data) -> UnsafeRawBufferPointer {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: data.count, alignment: 1)
    data.withUnsafeBytes { memory.copyMemory(from: $0) }
    return UnsafeRawBufferPointer(memory)
  }

  /// The host of a URL, an IPv6 address with its brackets.
  static func host(of url: String) -> String? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" }
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
    return String(authority.prefix { $0 != ":" })
  }

  /// - Parameter shared: whether the transfer may share a connection with others.
  func apply(to handle: UnsafeMutableRawPointer, shared: Bool) {
    ccurl_set_long(handle, CURLOPT_HTTP_VERSION, Int(shared ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
    // Waits for a connection that is being made to learn whether it can be shared, instead of opening one more.
    ccurl_set_long(handle, CURLOPT_PIPEWAIT, shared ? 1 : 0)
    ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    // A proxy's own answer is not the server's.
    ccurl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, 10_000)
    ccurl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
    ccurl_set_long(handle, CURLOPT_TCP_KEEPIDLE, 20)
    ccurl_set_long(handle, CURLOPT_TCP_KEEPINTVL, 5)
    ccurl_limit_silence(handle, 30_000)
    ccurl_set_string(handle, CURLOPT_USERAGENT, identity.userAgent)
    ccurl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    if let proxy = identity.proxyURL { ccurl_set_string(handle, CURLOPT_PROXY, proxy) }
    if let connectTo { ccurl_set_pointer(handle, CURLOPT_CONNECT_TO, connectTo) }
    if identity.insecureSkipTLSVerify {
      ccurl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0)
      ccurl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0)
    }
    set(authority, CURLOPT_CAINFO_BLOB, on: handle)
    set(certificate, CURLOPT_SSLCERT_BLOB, on: handle)
    set(key, CURLOPT_SSLKEY_BLOB, on: handle)
  }

  private func set(_ bytes: UnsafeRawBufferPointer?, _ option: CURLoption, on handle: UnsafeMutableRawPointer) {
    guard let bytes else { return }
    ccurl_set_blob(handle, option, UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  /// The whole URL of a request.
  func url(for request: APIRequest) -> String {
    guard !request.query.isEmpty else { return base + request.path }
    let items = request.query.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }
    return base + request.path + "?" + items.joined(separator: "&")
  }

  /// Percent-encodes all but RFC 3986's unreserved characters: for a name or value of a query.
  static func encode(_ text: String) -> String { encode(text, keeping: []) }

  /// Percent-encodes what would end or change a segment of a path: a name that somebody gave stays one name. What
  /// RFC 3986 allows in a segment, such as the colon of `system:node`, stays as it is.
  static func encodeSegment(_ text: String) -> String {
    // Servers, and libcurl before them, take these two for steps in a tree.
    if text == "." || text == ".." { return text.replacing(".", with: "%2E") }
    return encode(text, keeping: Array(":@!$&'()*+,;=".utf8))
  }

  private static func encode(_ text: String, keeping kept: [UInt8]) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126: result.unicodeScalars.append(Unicode.Scalar(byte))
      case _ where kept.contains(byte): result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let hex = String(byte, radix: 16, uppercase: true)
        result += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
      }
    }
    return result
  }
}
