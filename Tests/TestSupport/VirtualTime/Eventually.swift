import Basics

/// Waits for real time to bring `condition` about, while virtual time passes at `pace` a millisecond.
package func eventually(
  _ clock: VirtualClock, pace: Duration = .milliseconds(50), within limit: Duration = .seconds(60),
  _ condition: () -> Bool
) async -> Bool {
  let end = ContinuousClock.now + limit
  while !condition() {
    if ContinuousClock.now > end { return false }
    clock.advance(by: pace)
    try? await Task.sleep(for: .milliseconds(1))
  }
  return true
}
