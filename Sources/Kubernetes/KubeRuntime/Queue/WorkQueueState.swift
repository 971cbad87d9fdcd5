/// What a work queue holds and decides, without waiting or waking anybody.
///
/// client-go's `util/workqueue`: a key is *dirty* while it has work that nobody has begun, *processing* while somebody has it. A
/// key added while processing becomes dirty and is queued again only when it is done, so no key is ever with
/// two workers; any number of additions before its turn are one.
struct WorkQueueState<Key: Hashable & Sendable>: Sendable {
  /// Keys in order of addition, from `head` on: taking moves `head`, and the array is cut when half of it is past.
  private var queue: [(key: Key, since: Duration)] = []
  private var head = 0
  /// Keys with work to do, and since when.
  private var dirty: [Key: Duration] = [:]
  private var processing: Set<Key> = []
  private var delayed = DeadlineHeap<Key>()
  private var failures: [Key: Int] = [:]
  private(set) var isShutDown = false

  /// Keys ready to be taken.
  var depth: Int { queue.count - head }
  var inProcess: Int { processing.count }
  var delayedCount: Int { delayed.count }
  /// When the next delayed key is due; nil when none waits.
  var nextDeadline: Duration? { delayed.first }

  /// Adds a key.
  /// - Returns: false where it is waiting for its turn already, or the queue is shut down.
  mutating func add(_ key: Key, at now: Duration) -> Bool {
    guard !isShutDown, dirty[key] == nil else { return false }
    dirty[key] = now
    if !processing.contains(key) { queue.append((key, now)) }
    return true
  }

  /// Has the key added at `deadline`; of several deadlines the earliest holds.
  mutating func add(_ key: Key, at deadline: Duration, delayed: Void) {
    guard !isShutDown else { return }
    self.delayed.insert(key, at: deadline)
  }

  /// Adds the delayed keys that are due.
  /// - Returns: how many were added.
  mutating func addDue(at now: Duration) -> Int {
    var added = 0
    while let key = delayed.popDue(at: now) {
      if add(key, at: now) { added += 1 }
    }
    return added
  }

  /// Takes the next key to work on; nil when none is ready.
  mutating func take() -> (key: Key, since: Duration)? {
    guard head < queue.count else { return nil }
    let next = queue[head]
    head += 1
    if head > 64, head * 2 > queue.count {
      queue.removeFirst(head)
      head = 0
    }
    dirty[next.key] = nil
    processing.insert(next.key)
    return next
  }

  /// Gives a key back after work.
  mutating func done(_ key: Key) {
    guard processing.remove(key) != nil else { return }
    if let since = dirty[key] { queue.append((key, since)) }
  }

  /// Counts a failure of the key and returns how many there were in a row.
  mutating func countFailure(_ key: Key) -> Int {
    failures[key, default: 0] += 1
    return failures[key, default: 0]
  }

  mutating func forget(_ key: Key) { failures[key] = nil }
  func failureCount(_ key: Key) -> Int { failures[key] ?? 0 }

  /// No key is added from now on; those that are ready can still be taken.
  mutating func shutDown() {
    isShutDown = true
    delayed = DeadlineHeap()
  }
}
