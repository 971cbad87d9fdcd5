/// Whether a worker that must go finishes its task first.
package enum ShutdownPolicy: Sendable, Hashable {
  /// Finish, but hand back if it is not done after this much of the grace period.
  case finish(within: Duration)
  /// Keep a checkpoint and give the task back now.
  case handBack

  /// What is kept back of the grace period for the checkpoint, the model and the last report.
  package static func reserve(of grace: Duration) -> Duration { min(grace / 4, .seconds(5)) }

  /// Finishes where the time that the rest should take, by the pace so far and a quarter more, fits in.
  /// - Parameters:
  ///   - start: the share of the training that was done when this worker began with it, 0 to 1.
  ///   - fraction: the share done now.
  ///   - elapsed: how long this worker has trained.
  ///   - grace: how long the process may still live.
  package static func decide(start: Double, fraction: Double, elapsed: Duration, grace: Duration) -> ShutdownPolicy {
    let available = grace - reserve(of: grace)
    // Without a step there is no pace to go by.
    guard fraction > start, available > .zero else { return .handBack }
    let rest = elapsed * (max(0, 1 - fraction) / (fraction - start))
    return rest * 1.25 <= available ? .finish(within: available) : .handBack
  }
}
