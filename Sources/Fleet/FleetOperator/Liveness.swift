/// When one of the operator's loops last moved, and for how long it may stand still.
package struct Pulse: Sendable, Equatable {
  package var name: String
  package var last: Duration
  package var limit: Duration

  package init(_ name: String, last: Duration, limit: Duration) {
    self.name = name
    self.last = last
    self.limit = limit
  }
}

/// Whether the process should be restarted: only where one of its loops is stuck. A server that is away is no reason, as
/// loops that try in vain move.
package enum Liveness {
  /// A watch may be silent for five minutes before it is opened anew, and a list takes its time.
  static let viewLimit = Duration.seconds(900)
  /// A renewal or a look at the lease takes seconds.
  static let electionLimit = Duration.seconds(300)
  /// A reconcile of a pool may make thousands of pods.
  static let reconcileLimit = Duration.seconds(1800)

  /// What is stuck; nil where all moves.
  package static func problem(of pulses: [Pulse], at now: Duration) -> String? {
    let stuck = pulses.filter { now - $0.last > $0.limit }
    guard !stuck.isEmpty else { return nil }
    return stuck.map { "\($0.name) has not moved for \(Int((now - $0.last).components.seconds)) s" }
      .joined(separator: "; ")
  }
}
