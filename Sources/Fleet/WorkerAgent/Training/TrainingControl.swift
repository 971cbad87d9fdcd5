import FleetAPI
import Synchronization

/// What the thread that trains and those who watch it share.
final class TrainingControl: Sendable {
  private struct State {
    var stops: [StopReason] = []
    var progress = EngineProgress()
    /// When this worker's part began, and what share of the training earlier attempts had done by then: its pace counts from there.
    var start: (fraction: Double, time: Duration)?
  }
  private let state = Mutex(State())

  /// Has the training stop after its current step. The first reason stays.
  func requestStop(_ reason: StopReason) {
    state.withLock { if !$0.stops.contains(reason) { $0.stops.append(reason) } }
  }

  /// Why the training shall stop; nil where it may go on.
  var stop: StopReason? { state.withLock { $0.stops.first } }

  /// Whether the task is no more.
  var isDeleted: Bool { state.withLock { $0.stops.contains(.deleted) } }
  /// Whether this process must go.
  var isShuttingDown: Bool { state.withLock { $0.stops.contains(.shutdown) } }

  /// Why a finished training shall not wait for the registry any longer. A job that is suspended is no reason: nothing is
  /// left to be suspended.
  var leave: StopReason? {
    state.withLock { $0.stops.last { $0 != .requested(StopRequest.suspended.reason) } }
  }

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
