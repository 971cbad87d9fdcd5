import Basics
import KubeTypes
import Logging
import Synchronization

/// The barrier that keeps a reconciler from acting on a cache that does not show its own last writes yet, and so from doing the same
/// thing twice.
///
/// Record every write under the reconcile key it was done for, feed the changes of every informer concerned to ``observe(_:)``, and
/// leave a key alone while it is not settled. A write is settled once the cache shows it, or something newer of that kind.
///
/// It compares resource versions as integers where both are decimal, which Kubernetes declares sound within one
/// resource (KEP-5504, comparable resource versions), and asks for equality otherwise. Assumption: one informer a kind.
/// Caveat: a write that the informer's selector hides is never seen; the expiry settles it.
public final class OwnWrites<Key: Hashable & Sendable>: Sendable {
  fileprivate enum Expectation: Sendable {
    /// The object of this UID at this version or newer.
    case version(String, since: Duration)
    /// The object of this UID gone, or at least terminating.
    case gone(since: Duration)

    var since: Duration {
      switch self {
      case .version(_, let since), .gone(let since): since
      }
    }
  }

  fileprivate struct Contents {
    /// By reconcile key, then UID.
    var pending: [Key: [String: Expectation]] = [:]
    /// Which keys wait for a UID.
    var keys: [String: Set<Key>] = [:]
    /// The newest integer version seen of a kind.
    var newest: [ResourceDefinition: UInt64] = [:]
    /// UIDs seen going or gone: a deletion may be seen before its call returns. Two generations, the older dropped in turn.
    var gone: Set<String> = []
    var goneBefore: Set<String> = []
    var rotated: Duration = .zero
  }

  private let contents = Mutex(Contents())
  private let expiry: Duration
  private let clock: any RuntimeClock
  private let log: Logger

  /// - Parameter expiry: after how long an expectation is given up, with a line in the log.
  public init(
    expiry: Duration = .seconds(30), clock: any RuntimeClock = .system, log: Logger = Logger(label: "own-writes")
  ) {
    self.expiry = expiry
    self.clock = clock
    self.log = log
  }

  /// Records that this object, as the server answered, was created for `key`.
  public func expect<Object: KubeObject>(_ key: Key, created object: Object) { expect(key, object) }

  /// Records that this object, as the server answered, was changed for `key`.
  public func expect<Object: KubeObject>(_ key: Key, updated object: Object) { expect(key, object) }

  private func expect<Object: KubeObject>(_ key: Key, _ object: Object) {
    let now = clock.now
    contents.withLock { contents in
      guard !object.uid.isEmpty, !contents.isGone(object.uid) else { return }
      // The watch may be faster than the answer to the write.
      if let version = UInt64(object.resourceVersion), let newest = contents.newest[Object.definition],
        newest >= version
      {
        return
      }
      contents.expect(key, object.uid, .version(object.resourceVersion, since: now))
    }
  }

  /// Records that the deletion of this object was accepted for `key`; before or after the call.
  public func expectDeletion<Object: KubeObject>(_ key: Key, of object: Object) {
    let now = clock.now
    contents.withLock { contents in
      guard !object.uid.isEmpty, !object.isTerminating, !contents.isGone(object.uid) else { return }
      contents.expect(key, object.uid, .gone(since: now))
    }
  }

  /// Takes note of what an informer's cache now shows; to be called from its handler.
  public func observe<Object: KubeObject>(_ change: ObjectChange<Object>) {
    let object = change.object
    let now = clock.now
    contents.withLock { contents in
      if let version = UInt64(object.resourceVersion) {
        contents.newest[Object.definition] = max(version, contents.newest[Object.definition] ?? 0)
      }
      var isGone = object.isTerminating
      if case .deleted = change { isGone = true }
      if isGone { contents.remember(gone: object.uid, now, expiry) }
      for key in contents.keys[object.uid] ?? [] {
        guard let expected = contents.pending[key]?[object.uid] else { continue }
        if Self.shows(object.resourceVersion, isGone: isGone, expected) { contents.settle(key, object.uid) }
      }
    }
  }

  /// True where the cache shows all writes recorded for `key`.
  public func isSettled(_ key: Key) -> Bool {
    let now = clock.now
    let (settled, expired) = contents.withLock { contents -> (Bool, [String]) in
      guard let pending = contents.pending[key] else { return (true, []) }
      let expired = pending.filter { now - $0.value.since >= expiry }.map(\.key)
      for uid in expired { contents.settle(key, uid) }
      return (contents.pending[key] == nil, expired)
    }
    if !expired.isEmpty {
      log.warning(
        "own writes were not seen in time; going on without",
        metadata: ["key": "\(key)", "uids": "\(expired.sorted().joined(separator: " "))"])
    }
    return settled
  }

  /// Drops what is recorded for `key`, as when its object is gone.
  public func forget(_ key: Key) {
    contents.withLock { contents in
      for uid in (contents.pending[key] ?? [:]).keys { contents.settle(key, uid) }
    }
  }

  private static func shows(_ version: String, isGone: Bool, _ expected: Expectation) -> Bool {
    switch expected {
    case .gone: return isGone
    case .version(let wanted, _):
      if isGone { return true }
      guard let seen = UInt64(version), let wanted = UInt64(wanted) else { return version == wanted }
      return seen >= wanted
    }
  }
}

extension OwnWrites.Contents {
  fileprivate func isGone(_ uid: String) -> Bool { gone.contains(uid) || goneBefore.contains(uid) }

  fileprivate mutating func expect(_ key: Key, _ uid: String, _ expectation: OwnWrites.Expectation) {
    // A deletion that is to be seen comes after anything else that may happen to the object.
    if case .gone? = pending[key]?[uid] { return }
    pending[key, default: [:]][uid] = expectation
    keys[uid, default: []].insert(key)
  }

  fileprivate mutating func settle(_ key: Key, _ uid: String) {
    pending[key]?[uid] = nil
    if pending[key]?.isEmpty == true { pending[key] = nil }
    keys[uid]?.remove(key)
    if keys[uid]?.isEmpty == true { keys[uid] = nil }
  }

  fileprivate mutating func remember(gone uid: String, _ now: Duration, _ expiry: Duration) {
    if now - rotated >= expiry {
      goneBefore = gone
      gone = []
      rotated = now
    }
    gone.insert(uid)
  }
}
