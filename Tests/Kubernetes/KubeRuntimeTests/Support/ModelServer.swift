import KubeTypes

@testable import KubeRuntime

/// What an API server holds of one resource: objects, a resource version that counts writes, and a history that is forgotten from
/// the old end.
struct ModelServer: Sendable {
  enum Kind: String, Sendable { case added = "ADDED", modified = "MODIFIED", deleted = "DELETED" }
  struct Entry: Sendable {
    var version: Int
    var kind: Kind
    var object: Note
  }
  struct Gone: Error {}

  private(set) var objects: [String: Note] = [:]
  private(set) var version = 10
  private(set) var history: [Entry] = []
  /// Watches from before this version are refused.
  private(set) var forgotten = 0
  /// Lists under way, by token; each page comes from one state.
  private var snapshots: [String: (version: Int, rest: [Note])] = [:]
  private var uids = 0

  /// Creates, changes or deletes the object of this name, as it goes.
  mutating func write(_ name: String, text: String, delete: Bool = false) {
    version += 1
    if delete {
      guard var object = objects.removeValue(forKey: name) else { return }
      object.metadata.resourceVersion = String(version)
      history.append(Entry(version: version, kind: .deleted, object: object))
      return
    }
    let kind: Kind = objects[name] == nil ? .added : .modified
    if kind == .added { uids += 1 }
    var object = objects[name] ?? Note(name, uid: "uid-\(uids)")
    object.text = text
    object.metadata.resourceVersion = String(version)
    objects[name] = object
    history.append(Entry(version: version, kind: kind, object: object))
  }

  /// Forgets the history, and with it page tokens.
  mutating func compact() {
    forgotten = version
    history = []
    snapshots = [:]
  }

  mutating func list(limit: Int, token: String?) throws -> (items: [Note], token: String?, version: Int) {
    var snapshot: (version: Int, rest: [Note])
    if let token {
      guard let known = snapshots.removeValue(forKey: token) else { throw Gone() }
      snapshot = known
    } else {
      snapshot = (version, objects.values.sorted { $0.name < $1.name })
    }
    let items = Array(snapshot.rest.prefix(limit))
    snapshot.rest.removeFirst(items.count)
    guard !snapshot.rest.isEmpty else { return (items, nil, snapshot.version) }
    let next = "token-\(snapshot.version)-\(snapshot.rest.count)"
    snapshots[next] = snapshot
    return (items, next, snapshot.version)
  }

  /// The history after `version`.
  func events(after version: Int) throws -> [Entry] {
    guard version >= forgotten else { throw Gone() }
    return history.filter { $0.version > version }
  }
}
