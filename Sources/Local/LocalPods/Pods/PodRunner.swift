import Basics
import FleetAPI
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging

/// Plays the kubelet for the pods of worker pools where there is none: binds them to a node of its own, starts their workers
/// through a launcher, and reports their status.
///
/// For development and tests: it runs the first container of a pod, without its image, mounts, limits or restarts. It adopts
/// nothing: what an earlier runner of its node started is reported as failed. Cancelled, it ends all workers and returns.
package struct PodRunner: Sendable {
  package struct Configuration: Sendable {
    package var node: String
    /// The address that pods are reported to have.
    package var address: String
    /// The namespace to serve; nil serves all.
    package var namespace: String?
    /// How long workers may take to end when the runner ends.
    package var shutdownGrace: Duration

    package init(
      node: String = "tensorfleet-dev", address: String = "127.0.0.1", namespace: String? = nil,
      shutdownGrace: Duration = .seconds(5)
    ) {
      self.node = node
      self.address = address
      self.namespace = namespace
      self.shutdownGrace = shutdownGrace
    }
  }

  private let client: KubeClient
  private let launcher: any WorkerLauncher
  private let configuration: Configuration
  private let clock: any RuntimeClock
  private let log: Logger
  private let writer: PodStatusWriter

  package init(
    client: KubeClient, launcher: any WorkerLauncher, configuration: Configuration = Configuration(),
    clock: any RuntimeClock = .system, log: Logger = Logger(label: "pod-runner")
  ) {
    self.client = client
    self.launcher = launcher
    self.configuration = configuration
    self.clock = clock
    self.log = log
    writer = PodStatusWriter(client: client, clock: clock, log: log)
  }

  private enum Input: Sendable {
    case change(ObjectChange<Pod>)
    case finished(Pod, PodSupervisor.Outcome)
  }

  /// What is known of a pod.
  private enum Entry {
    case supervised(AsyncStream<PodSupervisor.Signal>.Continuation)
    case done

    var knowledge: PodDecision.Knowledge {
      switch self {
      case .supervised: .supervised
      case .done: .done
      }
    }
  }

  /// Works until cancelled; returns when no worker runs any more.
  package func run() async {
    let namespace = configuration.namespace
    let source = namespace.map { client.resource(Pod.self, namespace: $0) } ?? client.allNamespaces(Pod.self)
    let informer = Informer(source, labelSelector: Fleet.Label.pool, clock: clock, log: log)
    let (inputs, inbox) = AsyncStream.makeStream(of: Input.self)
    informer.onChange { inbox.yield(.change($0)) }
    let node = NodeRegistration(
      client: client, name: configuration.node, address: configuration.address, clock: clock, log: log)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await node.run() }
      group.addTask { await informer.run() }
      group.addTask { await attend(to: inputs, informer.store, inbox) }
    }
  }

  private func attend(
    to inputs: AsyncStream<Input>, _ store: Store<Pod>, _ inbox: AsyncStream<Input>.Continuation
  ) async {
    var entries: [String: Entry] = [:]
    await withDiscardingTaskGroup { group in
      for await input in inputs {
        switch input {
        case .change(.applied(_, let pod)):
          act(on: pod, &entries, &group, inbox)
        case .change(.deleted(let pod)):
          if case .supervised(let supervisor)? = entries.removeValue(forKey: pod.uid) {
            supervisor.yield(.lifecycle(.gone))
          }
        case .finished(let pod, .done):
          guard entries[pod.uid] != nil else { continue }
          entries[pod.uid] = .done
          if let current = store[pod.key], current.uid == pod.uid, current.isTerminating {
            act(on: current, &entries, &group, inbox)
          }
        case .finished(let pod, .released):
          entries[pod.uid] = nil
          // Where a scheduler gave it to this very node, that may have been seen already.
          if let current = store[pod.key], current.uid == pod.uid, current.spec?.nodeName == configuration.node {
            act(on: current, &entries, &group, inbox)
          }
        }
      }
      group.cancelAll()
    }
  }

  private func act(
    on pod: Pod, _ entries: inout [String: Entry], _ group: inout DiscardingTaskGroup,
    _ inbox: AsyncStream<Input>.Continuation
  ) {
    let knowledge = entries[pod.uid]?.knowledge ?? .unknown
    switch PodDecision.decide(pod, node: configuration.node, knowledge) {
    case .ignore: break
    case .supervise:
      let (supervisor, signals) = supervisor(of: pod)
      entries[pod.uid] = .supervised(signals)
      group.addTask { inbox.yield(.finished(pod, await supervisor.run())) }
    case .requestDeletion(let seconds):
      if case .supervised(let supervisor)? = entries[pod.uid] {
        supervisor.yield(.lifecycle(.deletionRequested(graceSeconds: seconds)))
      }
    case .reportLost:
      entries[pod.uid] = .done
      group.addTask {
        var report = PodReport(pod: pod, address: configuration.address)
        _ = await writer.report(report.lost(at: clock.wallTime), of: pod)
      }
    case .remove:
      entries[pod.uid] = .done
      group.addTask { _ = await writer.remove(pod) }
    }
  }

  private func supervisor(of pod: Pod) -> (PodSupervisor, AsyncStream<PodSupervisor.Signal>.Continuation) {
    let (signals, inbox) = AsyncStream.makeStream(of: PodSupervisor.Signal.self)
    let host = DownwardField.Host(nodeName: configuration.node, address: configuration.address)
    let supervisor = PodSupervisor(
      pod: pod, node: configuration.node, address: configuration.address, writer: writer,
      resolver: EnvironmentResolver(client: client, host: host), launcher: launcher, clock: clock,
      shutdownGrace: configuration.shutdownGrace, log: log, signals: signals, inbox: inbox)
    return (supervisor, inbox)
  }
}
