import Basics
import FleetAPI
import KubeAccess
import KubeTypes
import Synchronization

/// Plays kubelet and workers: pods become ready, tasks are worked through, workers die now and then.
final class PretendedNode: Sendable {
  struct Behaviour: Sendable {
    /// Looks at the world this often; a task takes a few looks.
    var step: Duration = .milliseconds(5)
    var stepsPerTask = 4
    /// Shares, a look at a running task, of workers that die and of tasks that fail for a while.
    var deaths = 0.0
    /// The share of trained tasks whose models wait for a registry that is away, and for how many looks they do.
    var outages = 0.0
    var stepsOfOutage = 6
    /// False leaves tasks as they are: the test plays the worker itself.
    var works = true
  }

  private let client: KubeClient
  private let behaviour: Behaviour
  private let clock: any RuntimeClock
  private let trace: Trace?
  private let random: Mutex<SplitMix64>
  private let steps = Mutex<[String: Int]>([:])
  private let died = Mutex<[String: Int]>([:])
  private let stopsDying = Mutex(false)

  init(
    _ client: KubeClient, behaviour: Behaviour = Behaviour(), seed: UInt64 = 1, clock: any RuntimeClock = .system,
    trace: Trace? = nil
  ) {
    self.client = client
    self.behaviour = behaviour
    self.clock = clock
    self.trace = trace
    random = Mutex(SplitMix64(seed: seed))
  }

  /// Workers that died with a job's task in hand, by job.
  var deaths: [String: Int] { died.withLock { $0 } }
  func calmDown() { stopsDying.withLock { $0 = true } }

  func run() async {
    while !Task.isCancelled {
      try? await look()
      try? await clock.sleep(for: behaviour.step)
    }
  }

  private func look() async throws {
    let pods = try await client.resource(Pod.self).list().items
    for pod in pods where pod.status?.phase == nil || pod.phase == "Pending" {
      let ready: JSONValue = ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]
      _ = try? await client.resource(Pod.self).patch(pod.name, .merge(["status": ready]), subresource: "status")
    }
    guard behaviour.works else { return }
    var alive = Set(pods.filter { $0.phase == "Running" }.map(\.uid))
    var busy = Set<String>()
    for task in try await client.resource(TrainingTask.self).list().items.sorted(by: { $0.name < $1.name }) {
      guard !task.isFinished, alive.contains(task.spec.worker.uid) else { continue }
      // One that only waits for the registry keeps its worker from nothing.
      guard !task.occupiesWorker || busy.insert(task.spec.worker.uid).inserted else { continue }
      // Who died is not there to be hit a second time.
      if (try? await work(on: task)) == .died { alive.remove(task.spec.worker.uid) }
    }
  }

  private enum Fate { case lives, died }

  private func work(on task: TrainingTask) async throws -> Fate {
    if task.spec.stop != nil {
      try await report(task, ["state": "Stopped"])
      return .lives
    }
    let isCalm = stopsDying.withLock { $0 }
    let dies = random.withLock { Double.random(in: 0..<1, using: &$0) } < (isCalm ? 0 : behaviour.deaths)
    if dies {
      let end: JSONValue = [
        "metadata": ["uid": .string(task.spec.worker.uid)],
        "status": ["phase": "Failed", "conditions": [["type": "Ready", "status": "False"]]],
      ]
      _ = try await client.resource(Pod.self).patch(task.spec.worker.name, .merge(end), subresource: "status")
      // A lost answer may have made the operator give a worker two tasks: both are hit.
      let hit = try await client.resource(TrainingTask.self).list().items
        .filter { !$0.isFinished && $0.spec.worker.uid == task.spec.worker.uid }
      died.withLock { died in for task in hit { died[task.spec.jobName, default: 0] += 1 } }
      trace?.note("node", "\(task.spec.worker.name) dies with \(hit.map(\.name))")
      return .died
    }
    let step = steps.withLock { steps in
      steps[task.uid, default: 0] += 1
      return steps[task.uid] ?? 1
    }
    let isAway = random.withLock { Double.random(in: 0..<1, using: &$0) } < behaviour.outages
    if step == behaviour.stepsPerTask, isAway {
      let unsent: JSONValue = ["reason": "RegistryUnavailable", "message": "away", "pending": 1]
      try await report(task, ["state": "Reporting", "progressPercentage": 99, "reporting": unsent])
    } else if task.state == .reporting, step < behaviour.stepsPerTask + behaviour.stepsOfOutage {
      return .lives
    } else if step >= behaviour.stepsPerTask {
      try await report(task, ["state": "Succeeded", "progressPercentage": 100, "accuracy": "0.97", "reporting": .null])
    } else {
      let percent = Int64(step * 100 / behaviour.stepsPerTask)
      try await report(task, ["state": "Running", "progressPercentage": .int(percent)])
    }
    return .lives
  }

  private func report(_ task: TrainingTask, _ status: JSONValue) async throws {
    // A worker that died, or whose pod was deleted, since the last look reports nothing any more.
    let pod = try await client.resource(Pod.self).get(task.spec.worker.name)
    guard pod.uid == task.spec.worker.uid, !pod.isFinished else { return }
    _ = try await client.resource(TrainingTask.self)
      .patch(task.name, .merge(["metadata": ["uid": .string(task.uid)], "status": status]), subresource: "status")
  }
}
