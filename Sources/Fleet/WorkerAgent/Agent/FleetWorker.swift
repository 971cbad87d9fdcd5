import Basics
import CoreMetrics
import Fetching
import FleetAPI
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging
import Registries

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The agent in a worker pod: watches the tasks assigned to it, trains them one at a time, and reports. A task that only waits
/// for the registry to take its model keeps nobody from the next.
///
/// Needs no more than list, watch and get of trainingtasks and patch of trainingtasks/status. Several may run in one process.
/// Guarantees: a task whose status is terminal is never run again; of its own tasks the oldest is taken first; a task is
/// stopped within one step of its spec saying so or of its deletion.
package actor FleetWorker {
  private struct Running {
    let runner: TaskRunner
    let since: Duration
  }

  private let identity: WorkerIdentity
  private let informer: Informer<TrainingTask>
  private let parts: WorkerParts
  private let grace: Duration
  private let clock: any RuntimeClock
  private let log: Logger
  private let metrics = WorkerMetrics()
  private let changes: AsyncStream<Void>
  private let changed: AsyncStream<Void>.Continuation
  private var queue: TaskQueue
  /// The task that is trained.
  private var running: Running?
  /// Those that are trained, by UID, of which the registry does not have everything yet.
  private var waiting: [String: TaskRunner] = [:]
  private var isShuttingDown = false
  private var service: Task<Void, Never>?
  private var deadlines: Task<Void, Never>?

  /// - Parameters:
  ///   - spool: where what the registry cannot take is kept.
  ///   - dataRoot: where data set paths that are not absolute begin.
  ///   - node: the name of the pod's machine; nil asks the system.
  ///   - grace: how long ``run()`` may take to return after its cancellation.
  package init(
    client: KubeClient, identity: WorkerIdentity, registry: any Registry, spool: SpoolOptions, dataRoot: URL,
    node: String? = nil, grace: Duration = .seconds(25), clock: any RuntimeClock = .system,
    log: Logger = Logger(label: "worker")
  ) {
    self.init(
      client: client, identity: identity, registry: registry, spool: spool, engine: LearningEngine(dataRoot: dataRoot),
      node: node, grace: grace, clock: clock, log: log)
  }

  /// A worker that trains with an engine of the caller's.
  package init(
    client: KubeClient, identity: WorkerIdentity, registry: any Registry, spool: SpoolOptions,
    engine: any TrainingEngine,
    sources: DataSources = DataSources(SourceOptions(environment: ProcessInfo.processInfo.environment)),
    node: String? = nil, spoolFaults: FaultPoint? = nil, grace: Duration = .seconds(25),
    throttle: ReportThrottle = ReportThrottle(),
    clock: any RuntimeClock = .system, log: Logger = Logger(label: "worker")
  ) {
    var log = log
    log[metadataKey: "worker"] = "\(identity.podName)"
    self.identity = identity
    self.grace = grace
    self.clock = clock
    self.log = log
    queue = TaskQueue(identity: identity)
    let tasks = client.resource(TrainingTask.self, namespace: identity.namespace)
    informer = Informer(tasks, labelSelector: identity.labelSelector, clock: clock, log: log)
    parts = WorkerParts(
      tasks: tasks, engine: engine, registry: registry,
      reports: ReportSender(registry: registry, options: spool, clock: clock, log: log, faults: spoolFaults),
      sources: sources, throttle: throttle, host: Host.facts(pod: identity.podName, node: node),
      patience: spool.patience, lastPatience: min(.seconds(2), ShutdownPolicy.reserve(of: grace) / 4), clock: clock,
      log: log)
    (changes, changed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let changed = changed
    informer.onChange { _ in changed.yield() }
  }

  /// True once all tasks of this worker are known.
  package nonisolated var isReady: Bool { informer.store.isSynced }

  /// Returns when the worker is ready.
  /// - Throws: `CancellationError`.
  package nonisolated func waitUntilReady() async throws { try await informer.waitUntilSynced() }

  /// Works until cancelled. Then the running task is finished, where that fits in the grace period, or handed back with
  /// a checkpoint; this returns after that, or when the grace period is over. To be called once.
  package func run() async {
    let service = Task { await self.serve() }
    self.service = service
    await withTaskCancellationHandler {
      await service.value
    } onCancel: {
      Task { await self.shutDown() }
    }
    deadlines?.cancel()
  }

  /// What a worker is doing.
  package enum Activity: Sendable, Equatable {
    case idle
    case training(task: String)
    /// The step under way is the last one.
    case stopping(task: String, StopReason)
  }

  package var activity: Activity {
    guard let running else { return .idle }
    let name = running.runner.task.name
    return running.runner.control.stop.map { .stopping(task: name, $0) } ?? .training(task: name)
  }

  // MARK: Working

  private func serve() async {
    await withDiscardingTaskGroup { group in
      let sending = Task { await self.parts.reports.run() }
      group.addTask { await self.informer.run() }
      for await _ in changes {
        act(&group)
        if isShuttingDown, running == nil, waiting.isEmpty { break }
      }
      group.cancelAll()
      // Last: what it cannot send it writes to disk.
      sending.cancel()
      await sending.value
    }
  }

  /// Looks at the tasks there are, and stops or begins what they say.
  private func act(_ group: inout DiscardingTaskGroup) {
    guard informer.store.isSynced else { return }
    let tasks = informer.store.all
    queue.forget(allBut: tasks)
    for runner in waiting.values {
      if let reason = queue.stopReason(forTask: runner.task.uid, among: tasks) { runner.control.requestStop(reason) }
    }
    if !isShuttingDown {
      for task in queue.reporting(of: tasks) { waiting[task.uid] = begin(task, &group) }
    }
    if let running {
      if let reason = queue.stopReason(forTask: running.runner.task.uid, among: tasks) {
        running.runner.control.requestStop(reason)
      }
      return
    }
    guard !isShuttingDown, let task = queue.next(of: tasks) else { return }
    log.info("took up", metadata: ["task": "\(task.name)", "attempt": "\(task.spec.attempt)"])
    running = Running(runner: begin(task, &group), since: clock.now)
  }

  private func begin(_ task: TrainingTask, _ group: inout DiscardingTaskGroup) -> TaskRunner {
    let control = TrainingControl()
    if let stop = task.spec.stop { control.requestStop(.requested(stop.reason)) }
    let runner = TaskRunner(task, control: control, parts: parts, onFree: { await self.freed(by: task) })
    queue.handle(task.uid)
    group.addTask {
      let state = await runner.work()
      await self.ended(task, state)
    }
    return runner
  }

  /// What is left of a task needs the registry only: the next one may begin.
  private func freed(by task: TrainingTask) {
    guard let running, running.runner.task.uid == task.uid else { return }
    waiting[task.uid] = running.runner
    self.running = nil
    metrics.taskDuration.recordSeconds((clock.now - running.since) / .seconds(1))
    changed.yield()
  }

  private func ended(_ task: TrainingTask, _ state: TaskState) {
    if let running, running.runner.task.uid == task.uid {
      metrics.taskDuration.recordSeconds((clock.now - running.since) / .seconds(1))
      self.running = nil
    }
    waiting[task.uid] = nil
    if state == .succeeded { metrics.tasksCompleted.increment() }
    if state == .failed { metrics.tasksFailed.increment() }
    log.info("ended", metadata: ["task": "\(task.name)", "state": "\(state.rawValue)"])
    changed.yield()
  }

  // MARK: Leaving

  private func shutDown() {
    guard !isShuttingDown else { return }
    isShuttingDown = true
    changed.yield()
    guard running != nil || !waiting.isEmpty else { return }
    let begun = clock.now
    // What waits for the registry has most of the time there is.
    let flush = grace - ShutdownPolicy.reserve(of: grace)
    var patience = flush
    if let running {
      let policy = running.runner.control.shutdownPolicy(at: begun, grace: grace)
      log.info("shutting down", metadata: ["task": "\(running.runner.task.name)", "policy": "\(policy)"])
      if case .finish(let time) = policy { patience = time } else { patience = .zero }
    }
    let (clock, grace, service, runner) = (clock, grace, service, running?.runner)
    let others = waiting.values.map(\.control)
    deadlines = Task {
      if patience > .zero { try? await clock.sleep(until: begun + patience) }
      if Task.isCancelled { return }
      runner?.control.requestStop(.shutdown)
      if patience < flush { try? await clock.sleep(until: begun + flush) }
      if Task.isCancelled { return }
      for control in others { control.requestStop(.shutdown) }
      // A step may take longer than there is time: the last checkpoint must do then.
      try? await clock.sleep(until: begun + grace - ShutdownPolicy.reserve(of: grace) / 2)
      if Task.isCancelled { return }
      runner?.abandon()
      try? await clock.sleep(until: begun + grace)
      if Task.isCancelled { return }
      service?.cancel()
    }
  }
}
