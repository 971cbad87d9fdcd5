import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One open watch: which events it wants, and the bounded buffer they go to.
final class Watcher: Sendable {
  typealias Continuation = AsyncThrowingStream<Data, any Error>.Continuation

  let id: UInt64
  let resource: ResourceID
  let namespace: String?
  let selection: Selection
  /// The `apiVersion` objects are shown in.
  let apiVersion: String
  let kind: String
  let allowsBookmarks: Bool
  /// Events up to this version are not sent: the client asked to start after it.
  let from: Int64
  private let continuation: Continuation

  init(
    id: UInt64, type: ResourceType, version: String, namespace: String?, selection: Selection,
    allowsBookmarks: Bool, from: Int64, continuation: Continuation
  ) {
    self.id = id
    resource = type.id
    kind = type.kind
    apiVersion = type.apiVersion(version)
    self.namespace = namespace
    self.selection = selection
    self.allowsBookmarks = allowsBookmarks
    self.from = from
    self.continuation = continuation
  }

  /// Puts bytes into the buffer; false where it is full or the watch is over.
  func send(_ bytes: Data) -> Bool {
    switch continuation.yield(bytes) {
    case .enqueued: true
    case .dropped, .terminated: false
    @unknown default: false
    }
  }

  /// Ends the stream. Never to be called under the server's lock: it runs the stream's termination handler.
  func finish() { continuation.finish() }

  /// The line this watcher gets for a write; nil where the write does not concern it. An object that comes into the
  /// selection is ADDED and one that leaves it DELETED, as in apiserver's cacher.
  func line(for entry: HistoryEntry) -> Data? {
    guard entry.version > from, namespace == nil || namespace == entry.key.namespace else { return nil }
    if selection.isEverything { return line(entry.change, entry.current) }
    let now = entry.change != .deleted && selection.matches(entry.current)
    let before = entry.previous.map(selection.matches) ?? false
    switch (before, now) {
    case (false, false): return nil
    case (false, true): return line(.added, entry.current)
    case (true, true): return line(.modified, entry.current)
    case (true, false):
      guard entry.change != .deleted, let previous = entry.previous else { return line(.deleted, entry.current) }
      var last = previous.value(as: apiVersion)
      last[meta: "resourceVersion"] = .string(String(entry.version))
      return Self.line("DELETED", JSONWriter.data(last))
    }
  }

  func line(_ change: HistoryEntry.Change, _ object: Stored) -> Data {
    Self.line(change.rawValue, object.bytes(as: apiVersion))
  }

  func bookmark(_ version: Int64) -> Data {
    let object: JSONValue = [
      "apiVersion": .string(apiVersion), "kind": .string(kind),
      "metadata": ["resourceVersion": .string(String(version)), "creationTimestamp": nil],
    ]
    return Self.line("BOOKMARK", JSONWriter.data(object))
  }

  static func line(_ type: String, _ object: Data) -> Data {
    var line = Data(capacity: object.count + 40)
    line.append(contentsOf: "{\"type\":\"\(type)\",\"object\":".utf8)
    line.append(object)
    line.append(contentsOf: "}\n".utf8)
    return line
  }
}
