import Foundation

/// Turns data set URIs into verified files of this machine: paths and `file://`, `https://`, and `s3://bucket/key`.
///
/// What comes over the network lands in a cache that the processes of a node share. An object with a checksum that is in
/// the cache needs no network; one without is asked for again, with the entity tag of the copy (RFC 9110, 13.1.2). A
/// download that was cut goes on where it stopped, in this process or another (RFC 9110, 14).
package struct DataSources: Sendable {
  private let options: SourceOptions

  package init(_ options: SourceOptions) { self.options = options }

  /// - Parameters:
  ///   - uri: may end in `#sha256=` and 64 hexadecimal digits.
  ///   - sha256: the same as a field of its own; nil or empty: nothing is checked.
  ///   - dataRoot: where relative paths start.
  ///   - progress: called on another thread, often.
  /// - Returns: the file; it stays in the cache as long as the result is kept.
  /// - Throws: `SourceError`; `cancelled` where the task was.
  package func fetch(
    _ uri: String, sha256: String? = nil, dataRoot: String = "/",
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws(SourceError) -> SourceFile {
    let reference = try SourceReference(uri, sha256: sha256)
    let cancellation = Cancellation()
    let job = FetchJob(
      reference: reference, options: options, dataRoot: dataRoot, cancellation: cancellation, progress: progress)
    // A thread of its own: libcurl and the locks wait, which no thread of the pool of tasks may do.
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let thread = Thread {
          Self.blockBrokenPipes()
          continuation.resume(returning: Result { () throws(SourceError) in try job.run() })
        }
        thread.name = "source"
        thread.start()
      }
    } onCancel: {
      cancellation.request()
    }
    return try outcome.get()
  }

  /// A connection that breaks while libcurl writes is an error of the transfer, and must not be the end of the process.
  private static func blockBrokenPipes() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}
