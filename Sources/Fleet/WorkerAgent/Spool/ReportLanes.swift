import Registries

/// Which report is sent next. The reports of one run go in their order, one at a time: they are a lane. Lanes go beside each other,
/// a few at a time and each in its turn, so that a report that cannot be sent, or takes long, holds up its own run alone. Pure.
struct ReportLanes {
  /// Lanes that send at a time: whoever is slow leaves room for others, and the registry few connections to serve.
  static let atOnce = 3

  /// Why something could not be sent.
  struct Trouble {
    var reason: String
    var message: String
    var since: Duration
  }

  struct Lane {
    /// When the report under way was begun with; nil where there is none.
    var sendingSince: Duration?
    /// Failures in a row, and when the next try is due.
    var failures = 0
    var notBefore = Duration.zero
    var trouble: Trouble?
    /// The turn in which it was served last.
    fileprivate var turn = 0
  }

  enum Step {
    case send(SpoolEntry)
    /// Nothing can be sent before this time, or before something changes.
    case wait(until: Duration?)
  }

  private var lanes: [String: Lane] = [:]
  private var turn = 0

  subscript(run: String) -> Lane { lanes[run] ?? Lane() }

  /// What to do now.
  /// - Parameter entries: all that wait, in their order.
  func next(of entries: [SpoolEntry], at now: Duration) -> Step {
    guard lanes.values.lazy.filter({ $0.sendingSince != nil }).count < Self.atOnce else { return .wait(until: nil) }
    var seen: Set<String> = []
    var best: (entry: SpoolEntry, turn: Int)?
    var due: Duration?
    for entry in entries where !entry.isDelivered && seen.insert(entry.run).inserted {
      let lane = self[entry.run]
      if lane.sendingSince != nil { continue }
      if lane.notBefore > now {
        due = due.map { min($0, lane.notBefore) } ?? lane.notBefore
      } else if best.map({ lane.turn < $0.turn }) ?? true {
        best = (entry, lane.turn)
      }
    }
    return best.map { .send($0.entry) } ?? .wait(until: due)
  }

  mutating func begin(_ run: String, at now: Duration) {
    turn += 1
    lanes[run, default: Lane()].turn = turn
    lanes[run]?.sendingSince = now
  }

  /// The report under way is over: the registry has it, or will never have it.
  mutating func done(_ run: String) {
    lanes[run]?.sendingSince = nil
    lanes[run]?.failures = 0
    lanes[run]?.notBefore = .zero
    lanes[run]?.trouble = nil
  }

  /// The report could not be sent, and is tried again.
  /// - Parameter delay: how long to wait, by the number of failures in a row.
  mutating func failed(_ run: String, _ error: RegistryError, at now: Duration, delay: (Int) -> Duration) {
    var lane = self[run]
    lane.sendingSince = nil
    lane.failures += 1
    lane.notBefore = now + delay(lane.failures)
    lane.trouble = Trouble(reason: error.reason, message: error.message, since: lane.trouble?.since ?? now)
    lanes[run] = lane
  }

  /// Has every lane try again now.
  mutating func hurry() { for run in lanes.keys { lanes[run]?.notBefore = .zero } }

  /// Forgets lanes of which nothing waits any more.
  mutating func forget(allBut entries: [SpoolEntry]) {
    let waiting = Set(entries.lazy.filter { !$0.isDelivered }.map(\.run))
    lanes = lanes.filter { waiting.contains($0.key) || $0.value.sendingSince != nil }
  }

  var isInTrouble: Bool { lanes.values.contains { $0.trouble != nil } }

  /// True where a report has been under way for longer than `limit`.
  func isSlow(at now: Duration, limit: Duration) -> Bool {
    lanes.values.contains { $0.sendingSince.map { now - $0 >= limit } ?? false }
  }
}
