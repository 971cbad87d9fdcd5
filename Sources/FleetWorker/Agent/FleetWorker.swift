import DataSources
import FleetAPI
import KubeClient
import KubeRuntime
import Logging
import Registry

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The agent in a worker pod: watches the tasks assigned to it, trains them one at a time, and reports.
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
  private let tasks: Resource<TrainingTask>
  private let informer: Informer<TrainingTask>
  private let registry: any Registry
  private let engine: any TrainingEngine
  private let sources: DataSources
  private let grace: Duration
  private let throttle: ReportThrottle
  private let clock: any RuntimeClock
  private let log: Logger
  private let metrics = WorkerMetrics()
  private let changes: AsyncStream<Void>
  private let changed: AsyncStream<Void>.Continuation
  private var queue: TaskQueue
  private var running: Running?
  private var isShuttingDown = false
  private var service: Task<Void, Never>?
  private var deadlines: Task<Void, Never>?

  /// - Parameters:
  ///   - dataRoot: where data set paths that are not absolute begin.
  ///   - grace: how long ``run()`` may take to return after its cancellation.
  package init(
    client: KubeClient, identity: WorkerIdentity, registry: any Registry, dataRoot: URL,
    grace: Duration = .seconds(25), clock: any RuntimeClock = .system, log: Logger = Logger(label: "worker")
  ) {
    self.init(
      client: client, identity: identity, registry: registry, engine: LearningEngine(dataRoot: dataRoot), grace: grace,
      clock: clock, log: log)
  }

  /// A worker that trains with an engine of the caller's.
  package init(
    client: KubeClient, identity: WorkerIdentity, registry: any Registry, engine: any TrainingEngine,
    sources: DataSources = DataSources(SourceOptions(environment: ProcessInfo.processInfo.environment)),
    grace: Duration = .seconds(25), throttle: ReportThrottle = ReportThrottle(),
    clock: any RuntimeClock = .system, log: Logger = Logger(label: "worker")
  ) {
    var log = log
    log[metadataKey: "worker"] = "\(identity.podName)"
    self.identity = identity
    self.registry = registry
    self.engine = engine
    self.sources = sources
    self.grace = grace
    self.throttle = throttle
    self.clock = clock
    self.log = log
    queue = TaskQueue(identity: identity)
    tasks = client.resource(TrainingTask.self, namespace: identity.namespace)
    informer = Informer(tasks, labelSelector: identity.labelSelector, clock: clock, log: log)
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
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.informer.run() }
      for await _ in changes {
        act(&group)
        if isShuttingDown, running == nil { break }
      }
      group.cancelAll()
    }
  }

  /// Looks at the tasks there are, and stops or begins what they say.
  private func act(_ group: inout TaskGroup<Void>) {
    guard informer.store.isSynced else { return }
    let tasks = informer.store.all
    queue.forget(allBut: tasks)
    if let running {
      if let reason = queue.stopReason(forTask: running.runner.task.uid, among: tasks) {
        running.runner.control.requestStop(reason)
      }
      return
    }
    guard !isShuttingDown, let task = queue.next(of: tasks) else { return }
    let control = TrainingControl()
    if let stop = task.spec.stop { control.requestStop(.requested(stop.reason)) }
    let runner = TaskRunner(
      task, control: control, tasks: self.tasks, engine: engine, registry: registry, sources: sources,
      throttle: throttle, clock: clock, log: log)
    running = Running(runner: runner, since: clock.now)
    log.info("took up", metadata: ["task": "\(task.name)", "attempt": "\(task.spec.attempt)"])
    group.addTask {
      let state = await runner.run()
      await self.ended(task, state)
    }
  }

  private func ended(_ task: TrainingTask, _ state: TaskState) {
    let time = clock.now - (running?.since ?? clock.now)
    metrics.taskDuration.recordSeconds(time / .seconds(1))
    if state == .succeeded { metrics.tasksCompleted.increment() }
    if state == .failed { metrics.tasksFailed.increment() }
    log.info("ended", metadata: ["task": "\(task.name)", "state": "\(state.rawValue)", "after": "\(time)"])
    queue.finished(task.uid)
    running = nil
    changed.yield()
  }

  // MARK: Leaving

  private func shutDown() {
    guard !isShuttingDown else { return }
    isShuttingDown = true
    changed.yield()
    guard let running else { return }
    let (control, runner) = (running.runner.control, running.runner)
    let policy = control.shutdownPolicy(at: clock.now, grace: grace)
    log.info("shutting down", metadata: ["task": "\(runner.task.name)", "policy": "\(policy)"])
    let begun = clock.now
    var patience = Duration.zero
    if case .finish(let time) = policy { patience = time }
    let (clock, grace, service) = (clock, grace, service)
    deadlines = Task {
      if patience > .zero { try? await clock.sleep(until: begun + patience) }
      if Task.isCancelled { return }
      control.requestStop(.shutdown)
      // A step may take longer than there is time: the last checkpoint must do then.
      try? await clock.sleep(until: begun + grace - ShutdownPolicy.reserve(of: grace) / 2)
      if Task.isCancelled { return }
      runner.abandon()
      try? await clock.sleep(until: begun + grace)
      if Task.isCancelled { return }
      service?.cancel()
    }
  }
}
