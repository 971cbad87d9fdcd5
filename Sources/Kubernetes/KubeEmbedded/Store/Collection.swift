import KubeTypes

/// The objects of one resource, their recent past, and who watches them.
struct Collection: Sendable {
  var objects: [ObjectKey: Stored] = [:]
  var history = History()
  var watchers: [UInt64: Watcher] = [:]

  /// The objects as they were at a version, by undoing the writes since; nil where those are no longer kept.
  func objects(at version: Int64) -> [ObjectKey: Stored]? {
    guard let later = history.after(version) else { return nil }
    guard !later.isEmpty else { return objects }
    var past = objects
    for entry in later.reversed() { past[entry.key] = entry.previous }
    return past
  }
}
