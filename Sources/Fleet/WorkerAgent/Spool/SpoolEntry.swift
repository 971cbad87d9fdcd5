import Registries

/// One report on its way, in memory, on disk, or both.
struct SpoolEntry: Sendable {
  /// Its place in the order, and the name of its file.
  let number: Int
  /// What is known of it without its contents.
  var header: SpoolHeader
  /// nil where only the disk has it.
  var report: Report?
  /// Bytes on disk; 0 where it is not there as a whole.
  var diskBytes = 0
  /// A write that failed may have left a file all the same.
  var mayHaveFile = false
  /// Being sent: it must stay as it is.
  var isUnderWay = false
  /// A model that somebody waits for: its file stays until the outcome is written down elsewhere.
  var isClaimed = false
  /// Sent, and kept only because it is claimed.
  var isDelivered = false

  var isOnDisk: Bool { diskBytes > 0 }
  var memoryBytes: Int { report?.bytes ?? 0 }
  var kind: Report.Kind { header.kind }
  var run: String { header.run }

  /// Whether `later` says all that this one does, and more recently.
  func isSuperseded(by later: SpoolEntry) -> Bool {
    guard number < later.number, kind == later.kind, run == later.run else { return false }
    switch kind {
    case .run: return header.attempt == later.header.attempt
    case .checkpoint, .checkpointsOver: return true
    case .history, .model: return false
    }
  }
}
