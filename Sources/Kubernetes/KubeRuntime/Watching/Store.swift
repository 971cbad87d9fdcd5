import KubeTypes
import Synchronization

/// A way to find objects of a ``Store`` by a value computed from them: their owner's UID, a label.
public struct StoreIndex<Object>: Sendable {
  public let name: String
  /// The values an object is found under; none leaves it out.
  public let values: @Sendable (Object) -> [String]

  public init(_ name: String, _ values: @escaping @Sendable (Object) -> [String]) {
    self.name = name
    self.values = values
  }
}

/// The objects that a watch has shown, as typed values, with indexes.
///
/// Guarantees: reads are synchronous and each sees one state, objects and indexes together; a relist replaces
/// all at once. Reads of two calls may see two states. Only its ``Informer`` writes.
/// Cost: a change mutates in place (no copy of the dictionary); a read of many returns an array of its own.
public final class Store<Object: KubeObject>: Sendable {
  private struct Contents {
    var objects: [ObjectKey: Object] = [:]
    /// By index name, then value.
    var tables: [String: [String: Set<ObjectKey>]] = [:]
    var isSynced = false
  }
  private let contents: Mutex<Contents>
  private let indexes: [StoreIndex<Object>]

  public init(indexes: [StoreIndex<Object>] = []) {
    self.indexes = indexes
    contents = Mutex(Contents(tables: Dictionary(indexes.map { ($0.name, [:]) }) { first, _ in first }))
  }

  /// The object of this namespace and name; nil where there is none in the cache.
  public subscript(key: ObjectKey) -> Object? { contents.withLock { $0.objects[key] } }

  /// All objects, in no particular order.
  public var all: [Object] { contents.withLock { Array($0.objects.values) } }

  public var count: Int { contents.withLock { $0.objects.count } }

  /// The objects that the index lists under `value`, in no particular order. An index that the store was not made
  /// with is a mistake in the program.
  public func indexed(_ index: String, _ value: String) -> [Object] {
    contents.withLock { contents in
      guard let table = contents.tables[index] else {
        preconditionFailure("the store of \(Object.definition.plural) has no index \"\(index)\"")
      }
      return table[value]?.compactMap { contents.objects[$0] } ?? []
    }
  }

  /// True from the first complete list on.
  public var isSynced: Bool { contents.withLock { $0.isSynced } }

  // MARK: Writes, by the informer alone

  /// Takes an object in and returns what changed by it: nothing where this very version is held already.
  public func apply(_ object: Object) -> [ObjectChange<Object>] {
    contents.withLock { contents in
      let key = object.key
      let old = contents.objects.updateValue(object, forKey: key)
      if let old { unindex(old, key, in: &contents.tables) }
      index(object, key, in: &contents.tables)
      return Self.changes(from: old, to: object)
    }
  }

  /// Takes the object out and returns what changed by it: nothing where it was not there.
  public func remove(_ key: ObjectKey) -> Object? {
    contents.withLock { contents in
      guard let old = contents.objects.removeValue(forKey: key) else { return nil }
      unindex(old, key, in: &contents.tables)
      return old
    }
  }

  /// Puts `objects` in place of all that is held, at once, and returns the difference: deletions first, then the rest in
  /// the order given.
  public func replace(with objects: [Object]) -> [ObjectChange<Object>] {
    // Built before the lock is taken: readers wait only for the swap. Safe, as there is one writer.
    var next = Contents(isSynced: true)
    next.objects.reserveCapacity(objects.count)
    for index in indexes { next.tables[index.name] = [:] }
    for object in objects {
      next.objects[object.key] = object
      index(object, object.key, in: &next.tables)
    }
    let before = contents.withLock { contents in
      let before = contents.objects
      contents = next
      return before
    }
    var changes: [ObjectChange<Object>] = []
    let gone = before.filter { next.objects[$0.key] == nil }
    for (_, old) in gone.sorted(by: { $0.key < $1.key }) { changes.append(.deleted(old)) }
    for object in objects { changes += Self.changes(from: before[object.key], to: object) }
    return changes
  }

  private static func changes(from old: Object?, to new: Object) -> [ObjectChange<Object>] {
    guard let old else { return [.applied(old: nil, new: new)] }
    if old.uid != new.uid { return [.deleted(old), .applied(old: nil, new: new)] }
    // Equality is all that may be asked of two versions here; an empty one says nothing.
    if old.resourceVersion == new.resourceVersion, !new.resourceVersion.isEmpty { return [] }
    return [.applied(old: old, new: new)]
  }

  private func index(_ object: Object, _ key: ObjectKey, in tables: inout [String: [String: Set<ObjectKey>]]) {
    for index in indexes {
      for value in index.values(object) { tables[index.name, default: [:]][value, default: []].insert(key) }
    }
  }

  private func unindex(_ object: Object, _ key: ObjectKey, in tables: inout [String: [String: Set<ObjectKey>]]) {
    for index in indexes {
      for value in index.values(object) {
        tables[index.name]?[value]?.remove(key)
        // Values of objects long gone must not pile up.
        if tables[index.name]?[value]?.isEmpty == true { tables[index.name]?[value] = nil }
      }
    }
  }
}
