import Basics

#if canImport(Glibc)
  import Glibc
#endif

/// One fetch, from start to end on one thread.
struct FetchJob: Sendable {
  let reference: SourceReference
  let options: SourceOptions
  let dataRoot: String
  let cancellation: Cancellation
  let progress: @Sendable (DownloadProgress) -> Void

  /// SHA-256 of no bytes: what a signed GET says about its body.
  private static let emptyChecksum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  func run() throws(SourceError) -> SourceFile {
    switch reference.place {
    case .file(let path):
      return try local(path.hasPrefix("/") ? path : (dataRoot.hasSuffix("/") ? dataRoot : dataRoot + "/") + path)
    case .http(let url):
      guard url.hasPrefix("https:") || options.allowsPlainHTTP || SourceReference.isLoopback(url) else {
        throw .plainHTTPRefused(uri: reference.shown)
      }
      return try remote(request(url))
    case .s3(let bucket, let key):
      let settings = try S3Settings(options.environment)
      var request = request(settings.url(bucket: bucket, key: key))
      // A signature is made for one host; and an endpoint that the owner names may be a plain one.
      request.followsRedirects = false
      if settings.endpoint != nil { request.allowsPlainHTTP = true }
      if let credentials = settings.credentials {
        request.signature = HTTPRequest.Signature(region: settings.region, credentials: credentials)
        request.headers.append("x-amz-content-sha256: \(Self.emptyChecksum)")
        if let token = credentials.sessionToken { request.headers.append("x-amz-security-token: \(token)") }
      }
      return try remote(request)
    }
  }

  private func request(_ url: String) -> HTTPRequest {
    HTTPRequest(
      url: url, shown: reference.shown, allowsPlainHTTP: options.allowsPlainHTTP || SourceReference.isLoopback(url),
      followsRedirects: true, connectTimeout: options.connectTimeout, stallTimeout: options.stallTimeout)
  }

  private func local(_ path: String) throws(SourceError) -> SourceFile {
    guard let expected = reference.sha256 else { return SourceFile(path: path, sha256: nil, lock: nil) }
    let found = try SHA256.hex(of: try Posix.File(path, O_RDONLY), cancellation)
    guard found == expected else {
      throw .checksumMismatch(uri: reference.shown, expected: expected, found: found)
    }
    return SourceFile(path: path, sha256: found, lock: nil)
  }

  private func remote(_ request: HTTPRequest) throws(SourceError) -> SourceFile {
    let cache = try Cache(directory: options.cacheDirectory, limit: options.maximumCacheBytes, cancellation)
    while true {
      let file = try cache.downloading(String(SHA256.hex(of: request.url.utf8).prefix(40))) {
        entry throws(SourceError) in
        let description = try present(entry, cache, request)
        return try cache.use(entry, description)
      }
      // nil: removed between the end of the download and its use, to make room for another.
      if let file { return file }
    }
  }

  /// What the cache has after this: the object, as it was asked for.
  private func present(
    _ entry: CacheEntry, _ cache: Cache, _ request: HTTPRequest
  ) throws(SourceError) -> CacheEntry.Description {
    let known = entry.description()
    if let known, known.sha256 == reference.sha256 { return known }
    let downloader = Downloader(
      request: request, options: options, cancellation: cancellation, progress: progress,
      makeRoom: { bytes throws(SourceError) in try cache.makeRoom(bytes, for: entry) })
    var part = try PartialFile(entry.partPath)
    // Bytes that came in several pieces may not belong together: they get one chance to come anew.
    var mayRepeat = true
    while true {
      // A copy with the wrong checksum is no answer to a request with one.
      let knownTag = reference.sha256 == nil ? known?.eTag : nil
      switch try downloader.run(into: part, knownTag: knownTag, isChecked: reference.sha256 != nil) {
      case .notModified:
        part.remove()
        guard let known else {
          throw .refused(uri: reference.shown, status: 304, detail: "without being asked", retryable: false)
        }
        return known
      case .complete(let eTag):
        let found = try part.checksum(cancellation)
        if let expected = reference.sha256, found != expected {
          part.remove()
          guard part.isPatched, mayRepeat else {
            throw .checksumMismatch(uri: reference.shown, expected: expected, found: found)
          }
          mayRepeat = false
          part = try PartialFile(entry.partPath)
          continue
        }
        let description = CacheEntry.Description(
          uri: reference.shown, eTag: eTag, sha256: found, size: part.size,
          file: "\(found.prefix(16))/\(reference.fileName)")
        try cache.makeRoom(0, for: entry)
        try entry.keep(part, description)
        return description
      }
    }
  }
}
