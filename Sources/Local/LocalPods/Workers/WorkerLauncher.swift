import KubeTypes

/// What a worker is started with.
package struct WorkerLaunch: Sendable {
  package var pod: Pod
  /// The container's environment, all references resolved.
  package var environment: [String: String]
  /// The container's arguments, variables expanded.
  package var arguments: [String]

  package init(pod: Pod, environment: [String: String], arguments: [String]) {
    self.pod = pod
    self.environment = environment
    self.arguments = arguments
  }
}

/// Starts the worker of a pod: as a process, or as a task of this one.
package protocol WorkerLauncher: Sendable {
  func launch(_ launch: WorkerLaunch) async throws(LaunchError) -> any RunningWorker
}

/// A worker that was started.
package protocol RunningWorker: Sendable {
  /// Whether the worker is ready, each time that changes; not ready before the first element. Iterate it once.
  var readiness: AsyncStream<Bool> { get }
  /// Asks the worker to end, as SIGTERM does.
  func terminate()
  /// Ends it at once, as SIGKILL does.
  func kill()
  /// Returns when the worker has ended; may be asked any number of times, and from a cancelled task.
  func end() async -> WorkerEnd
}

/// How a worker ended.
package enum WorkerEnd: Sendable, Hashable {
  case exited(Int)
  case killed(signal: Int)

  /// As a shell and Kubernetes count: 128 + n for signal n.
  package var exitCode: Int {
    switch self {
    case .exited(let code): code
    case .killed(let signal): 128 + signal
    }
  }
  package var signal: Int? { if case .killed(let signal) = self { signal } else { nil } }
}

/// Why a worker was not started.
package enum LaunchError: Error, Sendable, CustomStringConvertible {
  /// It may work later: a secret is missing, the API server did not answer. The pod waits, with this reason.
  case notYet(reason: String, message: String)
  /// It will not work: the program cannot be run. The pod fails.
  case cannotStart(String)

  package var description: String {
    switch self {
    case .notYet(_, let message), .cannotStart(let message): message
    }
  }
}
