import Basics
import KubeTypes

/// How important an event is.
public enum EventType: String, Sendable, Hashable {
  case normal = "Normal"
  case warning = "Warning"
}

/// Folds events so that a loop gone wild does not fill the API server, as client-go's `EventCorrelator` does.
///
/// In this order: more than ``similarLimit`` events within ``similarInterval`` that differ in the message alone become one,
/// with a message that says so; an event equal to an earlier one raises its count; an object that has had
/// ``burst`` events gets one more each ``refill``.
struct EventCorrelator: Sendable {
  static let similarLimit = 10
  static let similarInterval: Duration = .seconds(600)
  static let burst = 25.0
  static let refill: Duration = .seconds(300)
  static let capacity = 4096
  static let messageLimit = 1024
  static let combinedPrefix = "(combined from similar events): "

  /// What to write.
  enum Write: Sendable {
    case create(Event)
    /// Raise the count of the event of this name; should it be gone, make it anew.
    case patch(Event)
  }

  private struct Similar: Hashable {
    var object: ObjectReference
    var type: EventType
    var reason: String
  }
  private struct Exact: Hashable {
    var similar: Similar
    var message: String
  }
  private struct Seen {
    var messages: Set<String> = []
    var last: Duration
  }

  private let component: String
  private let instance: String
  private var similar = RecentCache<Similar, Seen>(capacity: capacity)
  private var earlier = RecentCache<Exact, Event>(capacity: capacity)
  private var buckets = RecentCache<ObjectReference, TokenBucket>(capacity: capacity)
  private var sequence: UInt64 = 0

  init(component: String, instance: String) {
    self.component = component
    self.instance = instance
  }

  /// What to write for an event; nil where its object has had too many.
  mutating func correlate(
    _ object: ObjectReference, type: EventType, reason: String, message: String, now: Duration, wallTime: Timestamp
  ) -> Write? {
    var identity = object
    identity.resourceVersion = nil
    let group = Similar(object: identity, type: type, reason: reason)
    let cut = Self.cut(message)
    let isCombined = isOneOfTooMany(group, cut, now)
    let text = isCombined ? Self.cut(Self.combinedPrefix + cut) : cut
    // All combined ones of a group are one event, whose message is the newest.
    let exact = Exact(similar: group, message: isCombined ? "" : cut)

    var bucket = buckets[identity] ?? TokenBucket(burst: Self.burst, perSecond: 1 / Self.refill.inSeconds, at: now)
    let isAllowed = bucket.take(at: now)
    buckets[identity] = bucket

    let write: Write
    if var event = earlier[exact] {
      event.count = (event.count ?? 1) + 1
      event.lastTimestamp = wallTime
      event.message = text
      write = .patch(event)
      earlier[exact] = event
    } else {
      let event = newEvent(object, type, reason, text, wallTime)
      write = .create(event)
      earlier[exact] = event
    }
    return isAllowed ? write : nil
  }

  private mutating func isOneOfTooMany(_ group: Similar, _ message: String, _ now: Duration) -> Bool {
    var seen = similar[group] ?? Seen(last: now)
    if now - seen.last > Self.similarInterval { seen.messages = [] }
    seen.last = now
    seen.messages.insert(message)
    let isTooMany = seen.messages.count >= Self.similarLimit
    // One of the messages goes, so that the set does not grow with every new one.
    if isTooMany { seen.messages.remove(message) }
    similar[group] = seen
    return isTooMany
  }

  private mutating func newEvent(
    _ object: ObjectReference, _ type: EventType, _ reason: String, _ message: String, _ time: Timestamp
  ) -> Event {
    sequence += 1
    // Unique among events of one object: the time in microseconds, then a count.
    let suffix = String(UInt64(max(0, time.secondsSince1970 * 1_000_000)) &+ sequence, radix: 16)
    var event = Event(
      metadata: ObjectMeta(
        name: "\((object.name ?? "").prefix(230)).\(suffix)", namespace: object.namespace ?? "default"),
      involvedObject: object)
    event.type = type.rawValue
    event.reason = reason
    event.message = message
    event.source = Event.Source(component: component)
    event.firstTimestamp = time
    event.lastTimestamp = time
    event.count = 1
    event.reportingComponent = component
    event.reportingInstance = instance
    return event
  }

  /// At most ``messageLimit`` bytes of UTF-8, cut between two characters.
  static func cut(_ message: String) -> String {
    guard message.utf8.count > messageLimit else { return message }
    var end = message.startIndex
    var bytes = 3  // The ellipsis.
    for index in message.indices {
      bytes += message[index].utf8.count
      if bytes > messageLimit { break }
      end = message.index(after: index)
    }
    return message[..<end] + "…"
  }
}
