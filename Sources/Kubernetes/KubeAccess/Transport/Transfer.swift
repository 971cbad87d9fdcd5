import CCurl
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Who takes the parts of an answer, on the engine's thread.
protocol TransferSink: AnyObject, Sendable {
  func head(status: Int, retryAfter: Double?)
  /// - Returns: false to be asked again after ``CurlEngine/Command/resume(_:)``; the bytes are not taken then.
  func body(_ bytes: UnsafeRawBufferPointer) -> Bool
  /// The last call: nil where the answer came in whole.
  func finish(_ error: APITransportError?)
}

/// One exchange: what libcurl is told, and where its answer goes.
///
/// Unchecked Sendable: made by the caller, then touched by the engine's thread alone.
final class Transfer: @unchecked Sendable {
  let label: String
  private let request: APIRequest
  private let options: ConnectionOptions
  private let headers: [String]
  private let sink: any TransferSink
  /// Only for streams: when the head has to be there.
  let answerDeadline: ContinuousClock.Instant?

  private(set) var handle: UnsafeMutableRawPointer?
  var isCancelled = false
  var isPaused = false
  private(set) var hasAnswer = false
  private var retryAfter: Double?
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let errorBuffer: UnsafeMutablePointer<CChar>

  /// - Parameter authorization: the header's value; nil sends none.
  init(
    _ request: APIRequest, options: ConnectionOptions, authorization: String?, sink: any TransferSink,
    answerWithin: Duration? = nil
  ) {
    self.request = request
    self.options = options
    self.sink = sink
    label = "\(request.method.rawValue) \(request.path)"
    answerDeadline = answerWithin.map { .now + $0 }
    var headers = ["Accept: application/json, */*", "Expect:"]
    if let type = request.contentType { headers.append("Content-Type: \(type)") }
    for (name, value) in request.headers where Self.isHeader(name, value) { headers.append("\(name): \(value)") }
    if let authorization { headers.append("Authorization: \(authorization)") }
    self.headers = headers
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit { errorBuffer.deallocate() }

  /// A line break in a value would begin a header of its own; a credential comes from the transport alone.
  static func isHeader(_ name: String, _ value: String) -> Bool {
    let isToken = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
    return isToken && name.lowercased() != "authorization" && !value.utf8.contains { $0 < 0x20 || $0 == 0x7F }
  }

  /// Writes the request into an easy handle.
  func attach(to handle: UnsafeMutableRawPointer) {
    self.handle = handle
    options.apply(to: handle, shared: request.timeout == nil)
    ccurl_set_string(handle, CURLOPT_URL, options.url(for: request))
    ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    for header in headers { headerList = curl_slist_append(headerList, header) }
    ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, headerList)
    // With no bytes to point to, libcurl would take the body from standard input.
    if let body = request.body, !body.isEmpty {
      ccurl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      body.withUnsafeBytes { bytes in
        _ = ccurl_set_pointer(
          handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
      }
    } else if request.method == .post || request.method == .put || request.method == .patch {
      ccurl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, 0)
      ccurl_set_string(handle, CURLOPT_COPYPOSTFIELDS, "")
    }
    if let timeout = request.timeout {
      ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, max(1, Int(timeout / .milliseconds(1))))
      // Servers compress what is large; a stream stays as it is, so that its events come out at once.
      ccurl_set_string(handle, CURLOPT_ACCEPT_ENCODING, "gzip")
    }
    ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorBuffer)
    let context = Unmanaged.passUnretained(self).toOpaque()
    ccurl_set_pointer(handle, CURLOPT_PRIVATE, context)
    ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    ccurl_set_function(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.received(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    ccurl_set_function(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      transfer.receivedHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return size * count
    }
  }

  /// Lets go of the handle and of what it was told to keep.
  func detach() {
    handle = nil
    curl_slist_free_all(headerList)
    headerList = nil
  }

  func finish(_ error: APITransportError?) { sink.finish(error) }

  /// Tells the sink of the head, where no body did.
  func completeHead() {
    guard !hasAnswer, let handle else { return }
    var status = 0
    ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    guard status >= 200 else { return }
    hasAnswer = true
    sink.head(status: status, retryAfter: retryAfter)
  }

  private func received(_ bytes: UnsafeRawBufferPointer) -> Int {
    completeHead()
    if sink.body(bytes) { return bytes.count }
    isPaused = true
    return Int(CURL_WRITEFUNC_PAUSE)
  }

  private func receivedHeader(_ bytes: UnsafeRawBufferPointer) {
    // An empty line ends the head; a stream's consumer has to hear of it though no event may come for long.
    if bytes.count <= 2 {
      completeHead()
      return
    }
    // A status line begins another head: what an interim answer (103) said is not said of this one.
    if !hasAnswer, bytes[0] == UInt8(ascii: "H"), bytes.starts(with: "HTTP/".utf8) { retryAfter = nil }
    // Compared by hand: this runs for each header of each answer.
    guard bytes.count > 12, bytes[0] | 0x20 == UInt8(ascii: "r"), bytes[5] == UInt8(ascii: "-") else { return }
    let line = String(decoding: bytes, as: UTF8.self)
    guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "retry-after" else { return }
    retryAfter = Double(line[line.index(after: colon)...].filter { !$0.isWhitespace })
  }

  /// What libcurl's word for a failed transfer means to a caller.
  func error(for code: CURLcode) -> APITransportError {
    let detail = String(cString: errorBuffer)
    let text = "\(label): \(detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail)"
    switch code {
    case CURLE_OPERATION_TIMEDOUT: return .timedOut(text)
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_INVALIDCERTSTATUS:
      return .tls(text)
    default: return .unreachable(text)
    }
  }
}
