import Synchronization

/// Adds up what parts of a transfer report, from any thread, and tells the sum: it never goes back.
final class TransferMeter: Sendable {
  private let transfer: Mutex<Transfer>
  private let progress: TransferProgress?

  init(total: Int, _ progress: TransferProgress?) {
    transfer = Mutex(Transfer(file: "", done: 0, total: total))
    self.progress = progress
  }

  func begin(_ file: String) { transfer.withLock { $0.file = file } }

  func add(_ bytes: Int) {
    guard let progress else { return }
    // While the lock is held, or a later sum could be told before an earlier one.
    transfer.withLock { transfer in
      transfer.done += bytes
      progress(transfer)
    }
  }
}
