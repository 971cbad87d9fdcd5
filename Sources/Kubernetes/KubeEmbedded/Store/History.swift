import KubeTypes

/// One write to a collection.
struct HistoryEntry: Sendable {
  enum Change: String, Sendable { case added = "ADDED", modified = "MODIFIED", deleted = "DELETED" }
  var change: Change
  var key: ObjectKey
  /// The object after the write; of a deletion its last state, under the version of the deletion.
  var current: Stored
  var previous: Stored?
  var version: Int64 { current.resourceVersion }
}

/// The last writes to a collection, oldest first, bounded.
struct History: Sendable {
  private var entries: [HistoryEntry] = []
  /// Index of the oldest entry kept: entries before it are dropped in batches, so that a write costs O(1) amortised.
  private var start = 0
  /// Every write after this version is kept.
  private(set) var compactedVersion: Int64 = 0

  mutating func append(_ entry: HistoryEntry, limit: Int) {
    entries.append(entry)
    while entries.count - start > limit {
      compactedVersion = entries[start].version
      start += 1
    }
    if start > limit {
      entries.removeFirst(start)
      start = 0
    }
  }

  /// Forgets everything up to `version`.
  mutating func expire(upTo version: Int64) {
    entries = []
    start = 0
    compactedVersion = version
  }

  /// The entries after `version`; nil where some of them are no longer kept.
  func after(_ version: Int64) -> ArraySlice<HistoryEntry>? {
    guard version >= compactedVersion else { return nil }
    var low = start
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].version <= version { low = middle + 1 } else { high = middle }
    }
    return entries[low...]
  }
}
