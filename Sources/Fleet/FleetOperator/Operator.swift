import Basics
import FleetAPI
import KubeAccess
import KubeRuntime
import Logging

/// One replica of the operator: a view of the fleet that it always keeps, and controllers that act while it leads.
package struct Operator: Sendable {
  package let view: FleetView
  private let client: KubeClient
  private let configuration: OperatorConfiguration
  private let runtime: OperatorRuntime
  private let elector: LeaderElector?
  private let working = WorkInHand()
  private let log: Logger

  package init(
    client: KubeClient, configuration: OperatorConfiguration, runtime: OperatorRuntime = .system,
    log: Logger = Logger(label: "operator")
  ) {
    self.client = client
    self.configuration = configuration
    var runtime = runtime
    view = FleetView(client: client, namespace: configuration.namespace, runtime: runtime)
    let random = runtime.generator()
    elector = configuration.election.map { election in
      LeaderElector(
        client: client, namespace: election.namespace, name: election.name, identity: configuration.identity,
        leaseDuration: election.leaseDuration, renewDeadline: election.leaseDuration * 2 / 3,
        retryPeriod: election.leaseDuration * 2 / 15, windDownLimit: OperatorDelay.windDown * 2, clock: runtime.clock,
        random: random, executor: runtime.executor, log: log)
    }
    self.runtime = runtime
    self.log = log
  }

  /// True while this replica's controllers may act.
  package var isLeader: Bool { elector?.isLeader ?? true }

  /// Why the process should be restarted; nil where it should not.
  package var livenessProblem: String? {
    var pulses = view.pulses + working.pulses
    if let last = elector?.lastTried { pulses.append(Pulse("the election", last: last, limit: Liveness.electionLimit)) }
    return Liveness.problem(of: pulses, at: runtime.clock.now)
  }

  /// Works until cancelled; ends when no reconcile runs any more and the lease, if it was ours, is given back.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await view.run() }
      group.addTask { await act() }
      await group.waitForAll()
    }
  }

  /// Acts whenever it may: all the time, or in the terms in which this replica leads.
  private func act() async {
    // Who sees nothing does not ask to lead.
    do { try await view.waitUntilSynced() } catch { return }
    log.info(
      "caches are complete",
      metadata: ["jobs": "\(view.caches.jobs.store.count)", "pools": "\(view.caches.pools.store.count)"])
    guard let elector else { return await control(through: client, term: 0) }
    var term: UInt64 = 0
    while !Task.isCancelled {
      term += 1
      let seed = term
      do {
        try await elector.run { leadership in
          let client = runtime.fencesWrites ? leadership.fencing(client) : client
          await control(through: client, term: seed)
        }
      } catch is CancellationError {
        return
      } catch {
        // The elector has said why. The view is as good as before, so this replica stays a candidate.
        log.notice("leads no more; waiting to lead again")
      }
    }
  }

  private func control(through client: KubeClient, term: UInt64) async {
    var runtime = runtime
    runtime.random = SplitMix64(seed: runtime.random.next() &+ term)
    await FleetControllers(
      client: client, view: view, configuration: configuration, runtime: runtime, log: log, working: working
    ).run()
  }
}
