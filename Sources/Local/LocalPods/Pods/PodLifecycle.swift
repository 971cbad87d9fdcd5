import Basics
import KubeTypes

/// What becomes of one pod whose worker was started: pure decisions, carried out by ``PodSupervisor``.
struct PodLifecycle: Sendable {
  enum Input: Sendable, Hashable {
    case readiness(Bool)
    case ended(WorkerEnd)
    /// The pod has a deletionTimestamp; the worker may take this many seconds.
    case deletionRequested(graceSeconds: Int64)
    case graceOver
    /// The pod is gone from the API.
    case gone
  }

  enum Effect: Sendable, Equatable {
    case report(PodStatus)
    /// SIGTERM.
    case terminate
    /// ``Input/graceOver`` is due after these seconds, instead of any that was due before.
    case startGrace(seconds: Int64)
    /// SIGKILL.
    case kill
    /// Delete the pod at once, if it is still this one.
    case removePod
    case finish
  }

  private enum Phase {
    case running
    /// Told to end; `grace` is what it was given.
    case stopping(grace: Int64)
    /// Killed because nobody wants its status any more.
    case abandoned
    case finished
  }

  private var phase = Phase.running
  private var report: PodReport
  private var isReady = false
  private let started: Timestamp

  init(report: PodReport, started: Timestamp) {
    self.report = report
    self.started = started
  }

  /// The first report.
  mutating func start() -> [Effect] { [.report(report.running(since: started, isReady: false, at: started))] }

  mutating func take(_ input: Input, at now: Timestamp) -> [Effect] {
    switch (input, phase) {
    case (_, .finished): return []
    case (.readiness(let ready), .running), (.readiness(let ready), .stopping):
      guard ready != isReady else { return [] }
      isReady = ready
      return [.report(report.running(since: started, isReady: ready, at: now))]
    case (.readiness, .abandoned): return []
    case (.ended(let end), .running):
      phase = .finished
      return [.report(report.ended(end, started: started, at: now)), .finish]
    case (.ended(let end), .stopping):
      phase = .finished
      return [.report(report.ended(end, started: started, at: now)), .removePod, .finish]
    case (.ended, .abandoned):
      phase = .finished
      return [.finish]
    case (.deletionRequested(let grace), .running):
      phase = .stopping(grace: grace)
      return grace > 0 ? [.terminate, .startGrace(seconds: grace)] : [.kill]
    case (.deletionRequested(let grace), .stopping(let given)):
      // A second deletion can only shorten the time.
      guard grace < given else { return [] }
      phase = .stopping(grace: grace)
      return grace > 0 ? [.startGrace(seconds: grace)] : [.kill]
    case (.deletionRequested, .abandoned): return []
    case (.graceOver, .stopping): return [.kill]
    case (.graceOver, .running), (.graceOver, .abandoned): return []
    case (.gone, .running), (.gone, .stopping):
      phase = .abandoned
      return [.kill]
    case (.gone, .abandoned): return []
    }
  }
}
