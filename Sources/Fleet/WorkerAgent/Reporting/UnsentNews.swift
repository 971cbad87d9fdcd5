import FleetAPI

/// Whether what the registry lacks is worth another write of a task's status: another reason at once, another count or other
/// words for the same reason only now and then.
struct UnsentNews: Sendable {
  static let interval = Duration.seconds(10)

  private var told: UnsentReports?
  private var time: Duration?

  init(_ told: UnsentReports? = nil) { self.told = told }

  /// True where `unsent` is to be told; it counts as told then.
  mutating func take(_ unsent: UnsentReports?, at now: Duration) -> Bool {
    guard unsent != told else { return false }
    if unsent?.reason == told?.reason, let time, now - time < Self.interval { return false }
    told = unsent
    time = now
    return true
  }
}
