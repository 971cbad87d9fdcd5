import Basics
import KubeTypes

/// Runs the workers of pods as tasks of this process.
///
/// To terminate such a worker is to cancel its task. It cannot be killed: a killed one is reported as ended and left to
/// itself, cancelled.
package struct TaskLauncher: WorkerLauncher {
  /// What the task of a worker is given.
  package struct Context: Sendable {
    package let pod: Pod
    package let environment: [String: String]
    /// To be called when the worker becomes ready, or no longer is.
    package let setReady: @Sendable (Bool) -> Void
  }

  private let body: @Sendable (Context) async -> Int

  /// - Parameter body: the worker: works until cancelled and returns an exit code.
  package init(_ body: @escaping @Sendable (Context) async -> Int) { self.body = body }

  package func launch(_ launch: WorkerLaunch) async throws(LaunchError) -> any RunningWorker {
    let (readiness, ready) = AsyncStream.makeStream(of: Bool.self)
    let end = Promise<WorkerEnd>()
    let body = body
    let context = Context(pod: launch.pod, environment: launch.environment) { ready.yield($0) }
    let task = Task {
      end.settle(.exited(await body(context)))
      ready.finish()
    }
    return TaskWorker(readiness: readiness, task: task, promise: end)
  }
}

private struct TaskWorker: RunningWorker {
  let readiness: AsyncStream<Bool>
  let task: Task<Void, Never>
  let promise: Promise<WorkerEnd>

  func terminate() { task.cancel() }
  func kill() {
    task.cancel()
    promise.settle(.killed(signal: 9))
  }
  func end() async -> WorkerEnd { await promise.value }
}
