import Basics

/// Brings one object into a partial file, over as many exchanges as it takes.
struct Downloader {
  /// What the server said in the end.
  enum Outcome: Equatable {
    /// The partial file is whole.
    case complete(eTag: String?)
    /// The copy with the tag that was offered is still right.
    case notModified
  }

  let request: HTTPRequest
  let options: SourceOptions
  let cancellation: Cancellation
  let progress: @Sendable (DownloadProgress) -> Void
  /// Called with the whole size once it is known, before any byte is kept.
  let makeRoom: (Int) throws(SourceError) -> Void

  /// Bytes that count as getting on: an attempt that brought as many is no failure.
  private static let stride = 1 << 20
  private static let detailBytes = 4096

  /// What one exchange led to.
  private enum Step {
    case done(Outcome)
    case again(SourceError, retryAfter: Double)
  }

  /// - Parameter knownTag: the entity tag of the copy that is there already.
  /// - Throws: everything but `checksumMismatch`.
  func run(into part: PartialFile, knownTag: String?, isChecked: Bool) throws(SourceError) -> Outcome {
    // Spread over twice the time: many workers that failed together do not come back together.
    let backoff = Backoff(initial: options.backoff, cap: options.longestBackoff, jitter: 1)
    var random = SplitMix64()
    var failures = 0
    while true {
      try cancellation.check()
      let before = part.size
      switch try attempt(part, knownTag: knownTag, isChecked: isChecked) {
      case .done(let outcome): return outcome
      case .again(let error, let retryAfter):
        if part.size - before >= Self.stride { failures = 0 }
        failures += 1
        guard failures < options.attempts else { throw error }
        let wait = backoff.delay(afterFailures: failures, atLeast: .seconds(retryAfter), using: &random)
        try cancellation.sleep(seconds: wait.inSeconds)
      }
    }
  }

  private func attempt(_ part: PartialFile, knownTag: String?, isChecked: Bool) throws(SourceError) -> Step {
    var request = request
    // Without a validator the rest might belong to another file; a checksum would tell, though.
    let isResuming = part.size > 0 && (part.origin.validator != nil || isChecked)
    if isResuming {
      request.headers.append("Range: bytes=\(part.size)-")
      if let validator = part.origin.validator { request.headers.append("If-Range: \(validator)") }
    } else if let knownTag {
      request.headers.append("If-None-Match: \(knownTag)")
    }
    let receiver = Receiver(
      part: part, isResuming: isResuming, limit: options.maximumCacheBytes, shown: request.shown, progress: progress,
      makeRoom: makeRoom)
    let exchange = HTTPExchange(request, cancellation) { receiver.take($0, $1) }
    let ending = exchange.run()
    try cancellation.check()
    if let error = receiver.error { throw error }
    let head = exchange.head
    switch ending {
    case .broken(let detail, let passing):
      let error = SourceError.unreachable(uri: request.shown, detail: detail, retryable: passing)
      guard passing else { throw error }
      return .again(error, retryAfter: 0)
    case .complete:
      return try judge(head, receiver, part, isResuming: isResuming, retryAfter: exchange.retryAfter)
    }
  }

  private func judge(
    _ head: HTTPHead, _ receiver: Receiver, _ part: PartialFile, isResuming: Bool, retryAfter: Double
  ) throws(SourceError) -> Step {
    switch head.status {
    case 200, 206:
      // An answer without a body has told nobody that it begins.
      if !receiver.hasBegun { receiver.begin(head) }
      if let error = receiver.error { throw error }
      if let total = part.origin.total, part.size < total {
        return .again(
          .unreachable(
            uri: request.shown, detail: "\(part.size) of \(total) bytes came", retryable: true), retryAfter: 0)
      }
      if let total = part.origin.total, part.size > total {
        try part.restart(PartialFile.Origin())
        return .again(
          .unreachable(uri: request.shown, detail: "more bytes came than were announced", retryable: true),
          retryAfter: 0)
      }
      return .done(.complete(eTag: part.origin.eTag))
    case 304: return .done(.notModified)
    case 416 where isResuming:
      if head.rangeTotal == part.size { return .done(.complete(eTag: part.origin.eTag)) }
      try part.restart(PartialFile.Origin())
      return .again(
        .refused(uri: request.shown, status: 416, detail: "the file became shorter", retryable: true), retryAfter: 0)
    default:
      let error = refusal(head, receiver.detail)
      guard error.retryable else { throw error }
      return .again(error, retryAfter: retryAfter)
    }
  }

  private func refusal(_ head: HTTPHead, _ body: [UInt8]) -> SourceError {
    var detail = S3Answer.code(body).map { "\(head.status) \($0)" } ?? "\(head.status)"
    if let region = head.bucketRegion, head.status == 301 || head.status == 400 {
      detail += ", the bucket is in \(region): set AWS_REGION"
    }
    switch head.status {
    case 404, 410: return .notFound(uri: request.shown, detail: detail)
    case 401, 403: return .accessDenied(uri: request.shown, detail: detail)
    default:
      let passing: Set<Int> = [408, 425, 429, 500, 502, 503, 504]
      return .refused(
        uri: request.shown, status: head.status, detail: detail == "\(head.status)" ? "" : detail,
        retryable: passing.contains(head.status))
    }
  }

  /// Takes an exchange's body: into the file if it is the object's, else a little of it for a message.
  private final class Receiver {
    private let part: PartialFile
    private let isResuming: Bool
    private let limit: Int
    private let shown: String
    private let progress: @Sendable (DownloadProgress) -> Void
    private let makeRoom: (Int) throws(SourceError) -> Void
    private(set) var hasBegun = false
    private(set) var detail: [UInt8] = []
    private(set) var error: SourceError?

    init(
      part: PartialFile, isResuming: Bool, limit: Int, shown: String,
      progress: @escaping @Sendable (DownloadProgress) -> Void, makeRoom: @escaping (Int) throws(SourceError) -> Void
    ) {
      self.part = part
      self.isResuming = isResuming
      self.limit = limit
      self.shown = shown
      self.progress = progress
      self.makeRoom = makeRoom
    }

    /// Decides from the head whether the body goes on where the file ends.
    func begin(_ head: HTTPHead) {
      hasBegun = true
      do throws(SourceError) {
        let goesOn = head.status == 206 && isResuming && head.rangeStart == part.size
        if head.status == 206 && !goesOn {
          throw .refused(uri: shown, status: 206, detail: "another range than was asked for", retryable: false)
        }
        if goesOn {
          part.isPatched = true
        } else {
          try part.restart(
            PartialFile.Origin(validator: head.validator, eTag: head.eTag, total: head.contentLength))
        }
        if let total = part.origin.total {
          guard total <= limit else { throw .tooLarge(uri: shown, bytes: total, limit: limit) }
          try makeRoom(total - part.size)
        }
      } catch {
        self.error = error
      }
    }

    func take(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> Bool {
      guard head.status == 200 || head.status == 206 else {
        detail += bytes.prefix(Downloader.detailBytes - detail.count)
        return true
      }
      if !hasBegun { begin(head) }
      guard error == nil else { return false }
      do throws(SourceError) {
        guard part.size + bytes.count <= limit else {
          throw .tooLarge(uri: shown, bytes: part.size + bytes.count, limit: limit)
        }
        try part.append(bytes)
      } catch {
        self.error = error
        return false
      }
      progress(DownloadProgress(bytes: part.size, total: part.origin.total))
      return true
    }
  }
}
