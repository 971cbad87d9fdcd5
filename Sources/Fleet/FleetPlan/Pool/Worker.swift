import Basics
import FleetAPI
import KubeTypes

/// One worker as the planner sees it: a pod, and the tasks it has in hand.
package struct Worker: Sendable {
  package enum State: Sendable, Hashable {
    /// Not ready yet, or no longer.
    case starting
    case idle
    case busy
    /// Told to go once its task is done or given back.
    case draining(since: Timestamp)
    /// Its process has ended.
    case ended
    /// Being deleted.
    case terminating

    /// The state's name in metrics.
    package var name: String {
      switch self {
      case .starting: "starting"
      case .idle: "idle"
      case .busy: "busy"
      case .draining: "draining"
      case .ended: "ended"
      case .terminating: "terminating"
      }
    }
  }

  package let pod: Pod
  package let index: Int
  /// The task that this pod is to train, or trains.
  package let task: TrainingTask?
  /// Trained tasks whose models wait on this pod's disk for the registry: it is free for others, but must not just go.
  package let reporting: [TrainingTask]
  package let state: State

  init?(pod: Pod, pool: String, tasks: [String: [TrainingTask]]) {
    guard let index = PodTemplate.index(of: pod.name, pool: pool) else { return nil }
    self.pod = pod
    self.index = index
    let own = tasks[pod.uid] ?? []
    task = own.first { $0.occupiesWorker }
    reporting = own.filter { !$0.occupiesWorker }
    state = Self.state(of: pod, isBusy: task != nil)
  }

  /// The state of a worker's pod: the one place that says what it is.
  /// - Parameter isBusy: whether it has a task to train.
  package static func state(of pod: Pod, isBusy: Bool) -> State {
    if pod.isTerminating { return .terminating }
    if pod.isFinished { return .ended }
    if let since = pod.metadata.annotations?[Fleet.Annotation.drainingSince].flatMap(Timestamp.init) {
      return .draining(since: since)
    }
    if isBusy { return .busy }
    return pod.isReady ? .idle : .starting
  }

  /// Counts towards `spec.replicas`.
  package var isLive: Bool {
    switch state {
    case .starting, .idle, .busy: true
    case .draining, .ended, .terminating: false
    }
  }

  package var isDraining: Bool { if case .draining = state { true } else { false } }

  /// Whether it was made from another spec than the one whose digest is given.
  package func isOutdated(_ template: String) -> Bool {
    pod.metadata.annotations?[Fleet.Annotation.template] != template
  }

  /// Whether nothing would be lost with it.
  package var isEmptyHanded: Bool { task == nil && reporting.isEmpty }

  /// How many pods in a row of this worker ended by themselves before this one.
  package var replacements: Int { Int(pod.metadata.annotations?[Fleet.Annotation.replacements] ?? "") ?? 0 }

  /// When the process ended, as its node reports it.
  package var endedAt: Timestamp? {
    pod.status?.containerStatuses?.compactMap { $0.state?.terminated?.finishedAt }.max()
  }

  /// What a person wants to know of a worker that ended: `OOMKilled (exit code 137)`.
  package var endDescription: String {
    if let reason = pod.status?.reason {
      return [reason, pod.status?.message].compactMap { $0 }.joined(separator: ": ")
    }
    guard let end = pod.status?.containerStatuses?.compactMap({ $0.state?.terminated }).first else { return pod.phase }
    let code = end.signal.map { "signal \($0)" } ?? "exit code \(end.exitCode)"
    return [end.reason.map { "\($0) (\(code))" } ?? code, end.message].compactMap { $0 }.joined(separator: ": ")
  }

  /// Why a worker that is not ready is not, where its node or the scheduler says so: image pull errors above all.
  package var startProblem: String? {
    guard state == .starting else { return nil }
    let waiting = pod.status?.containerStatuses?.compactMap { $0.state?.waiting }.first
    if let waiting, let reason = waiting.reason, reason != "ContainerCreating", reason != "PodInitializing" {
      return [reason, waiting.message].compactMap { $0 }.joined(separator: ": ")
    }
    let unscheduled = pod.status?.conditions?.first { $0.type == "PodScheduled" && $0.status == .false }
    return unscheduled.map { [$0.reason, $0.message].compactMap { $0 }.joined(separator: ": ") }
  }
}
