import Basics
import KubeTypes
import Testing

@testable import LocalPods

/// The decisions about one pod, without a process.
struct PodLifecycleTests {
  private let start = Timestamp(secondsSince1970: 1_000)

  private func lifecycle() -> PodLifecycle {
    let metadata = ObjectMeta(name: "a", namespace: "default")
    let pod = Pod(metadata: metadata, spec: PodSpec(containers: [Container(name: "worker", image: "i")]))
    return PodLifecycle(report: PodReport(pod: pod, address: "127.0.0.1"), started: start)
  }

  private func names(_ effects: [PodLifecycle.Effect]) -> [String] {
    effects.map { effect in
      switch effect {
      case .report(let status): "report \(status.phase ?? "")"
      case .terminate: "terminate"
      case .startGrace(let seconds): "grace \(seconds)"
      case .kill: "kill"
      case .removePod: "remove"
      case .finish: "finish"
      }
    }
  }

  @Test(
    arguments: [
      ([.ended(.exited(0))], ["report Succeeded", "finish"]),
      ([.ended(.killed(signal: 9))], ["report Failed", "finish"]),
      ([.readiness(true), .readiness(true)], ["report Running"]),
      ([.deletionRequested(graceSeconds: 30)], ["terminate", "grace 30"]),
      ([.deletionRequested(graceSeconds: 0)], ["kill"]),
      (
        [.deletionRequested(graceSeconds: 30), .deletionRequested(graceSeconds: 30)], ["terminate", "grace 30"]
      ),
      (
        [.deletionRequested(graceSeconds: 30), .deletionRequested(graceSeconds: 2)],
        ["terminate", "grace 30", "grace 2"]
      ),
      ([.deletionRequested(graceSeconds: 30), .graceOver], ["terminate", "grace 30", "kill"]),
      (
        [.deletionRequested(graceSeconds: 30), .ended(.exited(0)), .graceOver],
        ["terminate", "grace 30", "report Succeeded", "remove", "finish"]
      ),
      ([.gone, .ended(.killed(signal: 9))], ["kill", "finish"]),
      ([.graceOver], []),
    ] as [([PodLifecycle.Input], [String])])
  func inputsHaveTheirEffects(inputs: [PodLifecycle.Input], effects: [String]) {
    var lifecycle = lifecycle()
    var seen: [PodLifecycle.Effect] = []
    for input in inputs { seen += lifecycle.take(input, at: start) }
    #expect(names(seen) == effects)
  }

  @Test func aConditionKeepsItsTimeUntilItChanges() throws {
    var lifecycle = lifecycle()
    let later = start.adding(seconds: 5)
    let latest = start.adding(seconds: 9)
    _ = lifecycle.start()
    _ = lifecycle.take(.readiness(true), at: later)
    guard case .report(let status)? = lifecycle.take(.ended(.exited(1)), at: latest).first else {
      Issue.record("no report")
      return
    }
    let times = Dictionary(
      uniqueKeysWithValues: (status.conditions ?? []).map { ($0.type, $0.lastTransitionTime) })
    #expect(times == ["Initialized": start, "ContainersReady": latest, "Ready": latest])
    #expect(status.startTime == start)
    #expect(status.containerStatuses?.first?.state?.terminated?.startedAt == start)
    #expect(status.containerStatuses?.first?.state?.running == nil)
  }
}
