/// A dictionary of bounded size: when full, the half that was used least lately goes.
///
/// Two generations instead of a list of uses: an entry that is touched moves to the young one; when that is full the old one is dropped.
struct RecentCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var young: [Key: Value] = [:]
  private var old: [Key: Value] = [:]
  private let generation: Int

  /// - Parameter capacity: entries kept at most, at least 2.
  init(capacity: Int) { generation = max(1, capacity / 2) }

  var count: Int { young.count + old.count }

  subscript(key: Key) -> Value? {
    mutating get {
      if let value = young[key] { return value }
      guard let value = old.removeValue(forKey: key) else { return nil }
      keep(value, key)
      return value
    }
    set {
      old[key] = nil
      guard let newValue else {
        young[key] = nil
        return
      }
      keep(newValue, key)
    }
  }

  private mutating func keep(_ value: Value, _ key: Key) {
    if young[key] == nil, young.count >= generation {
      old = young
      young = [:]
    }
    young[key] = value
  }
}
