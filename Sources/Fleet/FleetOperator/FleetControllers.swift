import Basics
import FleetAPI
import FleetPlan
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging

/// What acts on the fleet during one term of leadership: a queue and a controller each for jobs and pools. Nothing of it
/// outlives the term, so that a later one begins with what the view shows then.
struct FleetControllers: Sendable {
  let client: KubeClient
  let view: FleetView
  let configuration: OperatorConfiguration
  var runtime: OperatorRuntime
  let log: Logger
  /// Told which queues are worked on, and none at the end.
  let working: WorkInHand

  /// Works until cancelled, from the view's present content on; ends when no reconcile runs any more.
  func run() async {
    var runtime = runtime
    let clock = runtime.clock
    let recorder = EventRecorder(
      client: client, component: Fleet.operatorName, instance: configuration.identity, clock: clock,
      random: runtime.generator(), executor: runtime.executor, log: log)
    let jobQueue = WorkQueue<ObjectKey>(
      name: "trainingjob", gathering: OperatorDelay.jobGathering, clock: clock, random: runtime.generator())
    let poolQueue = WorkQueue<ObjectKey>(
      name: "workerpool", gathering: OperatorDelay.poolGathering, clock: clock, random: runtime.generator())
    let jobWrites = OwnWrites<ObjectKey>(clock: clock, log: log)
    let poolWrites = OwnWrites<ObjectKey>(clock: clock, log: log)
    let now: @Sendable () -> Timestamp = { clock.wallTime }
    let throttle = { ProgressThrottle(interval: configuration.progressInterval, clock: clock) }
    let jobs = JobReconciler(
      client: client, caches: view.caches, configuration: configuration, recorder: recorder, writes: jobWrites,
      progress: throttle(), now: now, log: log)
    let pools = PoolReconciler(
      client: client, caches: view.caches, configuration: configuration, recorder: recorder,
      account: WorkerAccount(client: client), writes: poolWrites, progress: throttle(), now: now, log: log)
    let controllers = [
      Controller(
        name: "trainingjob", concurrency: configuration.jobConcurrency, queue: jobQueue, log: log, clock: clock,
        executor: runtime.executor, grace: OperatorDelay.windDown, reconcile: jobs.reconcile),
      Controller(
        name: "workerpool", concurrency: configuration.poolConcurrency, queue: poolQueue, log: log, clock: clock,
        executor: runtime.executor, grace: OperatorDelay.windDown, reconcile: pools.reconcile),
    ]
    let triggers = Triggers(
      caches: view.caches, jobs: jobQueue, pools: poolQueue, jobWrites: jobWrites, poolWrites: poolWrites)
    let registrations = triggers.connect()
    // Registered first: what comes in between is there twice, not missing.
    triggers.addAll()
    working.begin([jobQueue, poolQueue])
    defer { working.end() }
    await withTaskGroup(of: Void.self) { work in
      for controller in controllers { work.addTask { await controller.run() } }
    }
    for registration in registrations { registration.remove() }
    await recorder.drain(within: OperatorDelay.eventDrain)
  }
}
