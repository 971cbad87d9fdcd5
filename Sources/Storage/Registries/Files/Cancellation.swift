import Synchronization

/// Whether whoever asked for blocking work has been cancelled: the threads that do it are no tasks of Swift's, which would know.
final class Cancellation: Sendable {
  private let isCancelled = Atomic(false)

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// - Throws: `cancelled`.
  func check() throws(RegistryError) {
    if isCancelled.load(ordering: .relaxed) { throw .cancelled }
  }
}
