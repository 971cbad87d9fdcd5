import Dispatch

/// Threads for the tasks of transfers, which read and write files, hash and compress: on Swift's own few threads they would hold
/// up everything else.
final class TransferThreads: TaskExecutor {
  static let shared = TransferThreads()
  private let queue = DispatchQueue(label: "tensorfleet.transfers", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
  }

  /// Runs `body` and all its child tasks on these threads.
  static func run<T: Sendable>(
    _ body: @Sendable () async throws(RegistryError) -> T
  ) async throws(RegistryError) -> T {
    let outcome: Result<T, RegistryError> = await withTaskExecutorPreference(shared) {
      do throws(RegistryError) { return .success(try await body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}
