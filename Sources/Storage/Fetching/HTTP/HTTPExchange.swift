import CCurl

/// One GET by libcurl, start to end on the calling thread.
final class HTTPExchange {
  /// How an exchange ended.
  enum Ending {
    /// The answer came whole.
    case complete
    /// It did not. `passing`: another attempt may have more luck.
    case broken(detail: String, passing: Bool)
  }

  private let request: HTTPRequest
  private let cancellation: Cancellation
  /// Takes the body; false ends the exchange.
  private let body: (HTTPHead, UnsafeRawBufferPointer) -> Bool
  private(set) var head = HTTPHead()
  /// Seconds the server asks to wait; 0 where it does not.
  private(set) var retryAfter = 0.0

  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  private static let mostRedirects = 5

  init(_ request: HTTPRequest, _ cancellation: Cancellation, body: @escaping (HTTPHead, UnsafeRawBufferPointer) -> Bool)
  {
    self.request = request
    self.cancellation = cancellation
    self.body = body
  }

  func run() -> Ending {
    guard Self.isReady, let handle = curl_easy_init() else {
      return .broken(detail: "libcurl could not be started", passing: false)
    }
    defer { curl_easy_cleanup(handle) }
    var headers: UnsafeMutablePointer<curl_slist>?
    for header in request.headers { headers = curl_slist_append(headers, header) }
    defer { curl_slist_free_all(headers) }
    let errors = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    errors.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer { errors.deallocate() }

    ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
    ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errors)
    configure(handle)
    listen(handle)
    let result = curl_easy_perform(handle)
    var wait: curl_off_t = 0
    ccurl_get_size(handle, CURLINFO_RETRY_AFTER, &wait)
    retryAfter = Double(wait)
    if result == CURLE_OK { return .complete }
    let detail = String(cString: errors)
    return .broken(
      detail: detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail, passing: Self.passes(result))
  }

  private func configure(_ handle: UnsafeMutableRawPointer) {
    ccurl_set_string(handle, CURLOPT_URL, request.url)
    ccurl_set_string(handle, CURLOPT_USERAGENT, "tensorfleet")
    // Signals are the process's business.
    ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    // A key of S3 may hold "..", and what is signed is what must be asked for.
    ccurl_set_long(handle, CURLOPT_PATH_AS_IS, 1)
    let protocols = request.allowsPlainHTTP ? "http,https" : "https"
    ccurl_set_string(handle, CURLOPT_PROTOCOLS_STR, protocols)
    ccurl_set_string(handle, CURLOPT_REDIR_PROTOCOLS_STR, protocols)
    ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, request.followsRedirects ? 1 : 0)
    ccurl_set_long(handle, CURLOPT_MAXREDIRS, Self.mostRedirects)
    if SourceReference.isLoopback(request.url) { ccurl_set_string(handle, CURLOPT_NOPROXY, "*") }
    ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(request.connectTimeout / .milliseconds(1))))
    ccurl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    ccurl_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(1, Int(request.stallTimeout / .seconds(1))))
    if let signature = request.signature {
      ccurl_set_string(handle, CURLOPT_AWS_SIGV4, "aws:amz:\(signature.region):s3")
      ccurl_set_string(handle, CURLOPT_USERNAME, signature.credentials.accessKey)
      ccurl_set_string(handle, CURLOPT_PASSWORD, signature.credentials.secret)
    }
  }

  private func listen(_ handle: UnsafeMutableRawPointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    ccurl_set_function(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let exchange = Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
      let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return exchange.body(exchange.head, piece) ? piece.count : 0
    }
    ccurl_set_function(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
      Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue().head.take(String(decoding: line, as: UTF8.self))
      return line.count
    }
    ccurl_set_progress(
      handle,
      { context, _, _, _, _ in
        guard let context else { return 0 }
        return Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue().cancellation.isCancelled ? 1 : 0
      }, context)
  }

  /// Whether trouble of this kind may be gone at the next attempt.
  private static func passes(_ code: CURLcode) -> Bool {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT,
      CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM,
      CURLE_SSL_CONNECT_ERROR, CURLE_AGAIN:
      true
    default: false
    }
  }
}
