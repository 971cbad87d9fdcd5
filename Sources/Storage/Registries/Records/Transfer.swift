/// How far a transfer of files is.
package struct Transfer: Sendable, Hashable {
  /// The file under way.
  package var file: String
  /// Bytes of all files that are done.
  package var done: Int
  /// Bytes of all files.
  package var total: Int

  package init(file: String, done: Int, total: Int) {
    self.file = file
    self.done = done
    self.total = total
  }
}

/// Told now and then how far a transfer is, on no particular thread.
package typealias TransferProgress = @Sendable (Transfer) -> Void
