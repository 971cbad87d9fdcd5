/// Keys with deadlines, the earliest at hand: a binary heap in which a key stands at most once.
struct DeadlineHeap<Key: Hashable & Sendable>: Sendable {
  private var entries: [(deadline: Duration, key: Key)] = []
  private var positions: [Key: Int] = [:]

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }
  /// The earliest deadline; nil when empty.
  var first: Duration? { entries.first?.deadline }

  /// Enters a key; of two deadlines for one key the earlier holds.
  mutating func insert(_ key: Key, at deadline: Duration) {
    if let position = positions[key] {
      guard deadline < entries[position].deadline else { return }
      entries[position].deadline = deadline
      siftUp(position)
      return
    }
    entries.append((deadline, key))
    positions[key] = entries.count - 1
    siftUp(entries.count - 1)
  }

  /// Takes out the key with the earliest deadline if that is not after `now`.
  mutating func popDue(at now: Duration) -> Key? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    let last = entries.count - 1
    swap(0, last)
    entries.removeLast()
    positions[first.key] = nil
    if !entries.isEmpty { siftDown(0) }
    return first.key
  }

  private mutating func swap(_ left: Int, _ right: Int) {
    guard left != right else { return }
    entries.swapAt(left, right)
    positions[entries[left].key] = left
    positions[entries[right].key] = right
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].deadline < entries[parent].deadline else { return }
      swap(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      let left = 2 * parent + 1
      guard left < entries.count else { return }
      let right = left + 1
      let least = right < entries.count && entries[right].deadline < entries[left].deadline ? right : left
      guard entries[least].deadline < entries[parent].deadline else { return }
      swap(parent, least)
      parent = least
    }
  }
}
