import Synchronization

/// What the thread that trains and those who watch it share.
final class TrainingControl: Sendable {
  private struct State {
    var stop: StopReason?
    var progress = EngineProgress()
    /// The share that was done when this worker began, and when that was.
    var start: (fraction: Double, time: Duration)?
  }
  private let state = Mutex(State())

  /// Has the training stop after its current step. The first reason stays.
  func requestStop(_ reason: StopReason) {
    state.withLock { if $0.stop == nil { $0.stop = reason } }
  }

  /// Why the training shall stop; nil where it may go on.
  var stop: StopReason? { state.withLock { $0.stop } }

  var progress: EngineProgress { state.withLock { $0.progress } }

  func began(_ progress: EngineProgress, at time: Duration) {
    state.withLock {
      $0.progress = progress
      $0.start = (progress.fraction, time)
    }
  }

  func stepped(_ progress: EngineProgress) { state.withLock { $0.progress = progress } }

  /// What to do with this training when the worker must go in `grace`.
  func shutdownPolicy(at now: Duration, grace: Duration) -> ShutdownPolicy {
    let (start, fraction) = state.withLock { ($0.start, $0.progress.fraction) }
    guard let start else { return .handBack }
    return ShutdownPolicy.decide(start: start.fraction, fraction: fraction, elapsed: now - start.time, grace: grace)
  }
}
