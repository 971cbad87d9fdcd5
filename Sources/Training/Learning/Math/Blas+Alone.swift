import COpenBLAS
import Synchronization

extension Blas {
  private struct Region {
    var depth = 0
    /// Threads before the first region was entered.
    var threads = 1
  }

  private static let region = Mutex(Region())

  /// Runs `body` while OpenBLAS computes each call on the thread that makes it: the work is divided outside, in parts that
  /// do not depend on the number of threads, so no product may. Regions may overlap; the last one to end puts the number
  /// of threads back.
  package func alone<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
    Self.region.withLock { region in
      if region.depth == 0 {
        region.threads = threads
        setThreads(1)
      }
      region.depth += 1
    }
    defer {
      Self.region.withLock { region in
        region.depth -= 1
        if region.depth == 0 { setThreads(region.threads) }
      }
    }
    try body()
  }
}
