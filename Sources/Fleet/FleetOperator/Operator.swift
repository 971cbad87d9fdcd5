import Basics
import FleetAPI
import FleetPlan
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging

/// The operator: caches of the cluster, a queue and a controller each for jobs and pools.
package struct Operator: Sendable {
  package let caches: Caches
  private let client: KubeClient
  private let configuration: OperatorConfiguration
  private let recorder: EventRecorder
  private let now: @Sendable () -> Timestamp
  private let log: Logger

  package init(
    client: KubeClient, configuration: OperatorConfiguration, now: @escaping @Sendable () -> Timestamp = { .now },
    log: Logger = Logger(label: "operator")
  ) {
    self.client = client
    self.configuration = configuration
    self.now = now
    self.log = log
    caches = Caches(client: client, namespace: configuration.namespace)
    recorder = EventRecorder(
      client: client, component: Fleet.operatorName, instance: configuration.identity, log: log)
  }

  /// Works until cancelled: begins to act once all caches are complete, ends when no reconcile runs any more.
  package func run() async {
    let jobQueue = WorkQueue<ObjectKey>(name: "trainingjob")
    let poolQueue = WorkQueue<ObjectKey>(name: "workerpool")
    let jobWrites = OwnWrites<ObjectKey>()
    let poolWrites = OwnWrites<ObjectKey>()
    Triggers(caches: caches, jobs: jobQueue, pools: poolQueue, jobWrites: jobWrites, poolWrites: poolWrites).connect()

    let jobs = JobReconciler(
      client: client, caches: caches, configuration: configuration, recorder: recorder, writes: jobWrites,
      progress: ProgressThrottle(interval: configuration.progressInterval), now: now, log: log)
    let pools = PoolReconciler(
      client: client, caches: caches, configuration: configuration, recorder: recorder,
      account: WorkerAccount(client: client), writes: poolWrites,
      progress: ProgressThrottle(interval: configuration.progressInterval), now: now, log: log)
    let controllers = [
      Controller(
        name: "trainingjob", concurrency: configuration.jobConcurrency, queue: jobQueue, log: log,
        reconcile: jobs.reconcile),
      Controller(
        name: "workerpool", concurrency: configuration.poolConcurrency, queue: poolQueue, log: log,
        reconcile: pools.reconcile),
    ]
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await caches.run() }
      group.addTask {
        do { try await caches.waitUntilSynced() } catch { return }
        log.info(
          "caches are complete",
          metadata: ["jobs": "\(caches.jobs.store.count)", "pools": "\(caches.pools.store.count)"])
        await withTaskGroup(of: Void.self) { work in
          for controller in controllers { work.addTask { await controller.run() } }
        }
      }
    }
    await recorder.drain(within: Self.eventDrainLimit)
  }

  private static let eventDrainLimit = Duration.seconds(3)
}
