import Basics
import KubeTypes

/// All the server knows: a value behind one lock. Requests are its mutating methods; they neither wait nor call out.
struct ServerState: Sendable {
  var options: EmbeddedAPIServer.Options
  /// The resource version of the last write.
  var version: Int64 = 1
  var types: [ResourceID: ResourceType] = [:]
  var collections: [ResourceID: Collection] = [:]
  /// Where each living object is.
  var uids: [String: ObjectAddress] = [:]
  /// The objects that name a UID as an owner.
  var dependents: [String: Set<ObjectAddress>] = [:]
  var random: SplitMix64
  /// Watches to be ended once the lock is free.
  var ended: [Watcher] = []
  var lastWatcher: UInt64 = 0
  /// Nothing before this version can be read any more.
  var expiredVersion: Int64 = 0
  /// A dry run: writes go to a copy of the state that nobody watches.
  var isTrial = false

  init(options: EmbeddedAPIServer.Options) {
    self.options = options
    random = SplitMix64(seed: options.seed ?? UInt64.random(in: .min ... .max))
    for type in BuiltinKinds.all { types[type.id] = type }
  }

  var now: String { options.now().description }

  func stored(_ address: ObjectAddress) -> Stored? { collections[address.resource]?.objects[address.key] }

  /// Stores a new state of an object under the next resource version and tells the watchers.
  @discardableResult
  mutating func store(_ value: JSONValue, at address: ObjectAddress, managers: FieldManagers?) -> Stored {
    let previous = stored(address)
    let next = stamped(value, managers)
    unlink(previous, at: address)
    uids[next.uid] = address
    for owner in value.ownerUIDs { dependents[owner, default: []].insert(address) }
    collections[address.resource, default: Collection()].objects[address.key] = next
    record(
      HistoryEntry(change: previous == nil ? .added : .modified, key: address.key, current: next, previous: previous),
      in: address.resource)
    return next
  }

  /// Takes an object away under the next resource version and tells the watchers.
  /// - Parameter last: its last state, where that differs from the stored one.
  @discardableResult
  mutating func remove(_ address: ObjectAddress, last: JSONValue? = nil) -> Stored? {
    guard let previous = stored(address) else { return nil }
    let final = stamped(last ?? previous.value, previous.managers)
    unlink(previous, at: address)
    collections[address.resource]?.objects[address.key] = nil
    record(
      HistoryEntry(change: .deleted, key: address.key, current: final, previous: previous), in: address.resource)
    return final
  }

  private mutating func stamped(_ value: JSONValue, _ managers: FieldManagers?) -> Stored {
    version += 1
    var value = value
    value[meta: "resourceVersion"] = .string(String(version))
    return Stored(value, resourceVersion: version, managers: managers)
  }

  private mutating func unlink(_ object: Stored?, at address: ObjectAddress) {
    guard let object else { return }
    uids[object.uid] = nil
    for owner in object.value.ownerUIDs {
      dependents[owner]?.remove(address)
      if dependents[owner]?.isEmpty == true { dependents[owner] = nil }
    }
  }

  private mutating func record(_ entry: HistoryEntry, in resource: ResourceID) {
    collections[resource]?.history.append(entry, limit: options.historyLimit)
    guard !isTrial, let watchers = collections[resource]?.watchers, !watchers.isEmpty else { return }
    for watcher in watchers.values.sorted(by: { $0.id < $1.id }) {
      guard let line = watcher.line(for: entry) else { continue }
      if !watcher.send(line) { end(watcher) }
    }
  }

  /// All open watches, the oldest first.
  var watchers: [Watcher] { collections.values.flatMap(\.watchers.values).sorted { $0.id < $1.id } }

  /// Forgets a watcher; its stream ends when the lock is free.
  mutating func end(_ watcher: Watcher) {
    guard collections[watcher.resource]?.watchers.removeValue(forKey: watcher.id) != nil else { return }
    ended.append(watcher)
  }
}
