import Basics
import KubeTypes

/// Builds the status of a pod with one container as a kubelet reports it (kubernetes.io, "Pod Lifecycle").
struct PodReport: Sendable {
  let container: String
  let image: String
  let address: String
  private var conditions: [PodCondition] = []
  private var startTime: Timestamp?

  init(pod: Pod, address: String) {
    container = pod.spec?.containers.first?.name ?? "worker"
    image = pod.spec?.containers.first?.image ?? ""
    self.address = address
    startTime = pod.status?.startTime
  }

  /// The container cannot be made yet.
  mutating func waiting(reason: String, message: String, at time: Timestamp) -> PodStatus {
    setReady(false, reason: "ContainersNotReady", at: time)
    return status("Pending", ContainerState(waiting: .init(reason: reason, message: message)), isReady: false, time)
  }

  mutating func running(since started: Timestamp, isReady: Bool, at time: Timestamp) -> PodStatus {
    setReady(isReady, reason: isReady ? nil : "ContainersNotReady", at: time)
    return status("Running", ContainerState(running: .init(startedAt: started)), isReady: isReady, time)
  }

  mutating func ended(_ end: WorkerEnd, started: Timestamp?, at time: Timestamp) -> PodStatus {
    let succeeded = end.exitCode == 0
    var state = ContainerState.Terminated(
      exitCode: end.exitCode, signal: end.signal, reason: succeeded ? "Completed" : "Error")
    state.startedAt = started
    state.finishedAt = time
    return terminated(state, at: time)
  }

  /// The program could not be run at all: exit code 128, as a kubelet reports it.
  mutating func failedToStart(_ message: String, at time: Timestamp) -> PodStatus {
    var state = ContainerState.Terminated(exitCode: 128, reason: "StartError", message: message)
    state.finishedAt = time
    return terminated(state, at: time)
  }

  /// The process belonged to a runner that is no more: what a kubelet says of a container it cannot find.
  mutating func lost(at time: Timestamp) -> PodStatus {
    var state = ContainerState.Terminated(
      exitCode: 137, reason: "ContainerStatusUnknown",
      message: "the pod runner was started anew and does not have this worker's process")
    state.finishedAt = time
    return terminated(state, at: time)
  }

  private mutating func terminated(_ state: ContainerState.Terminated, at time: Timestamp) -> PodStatus {
    let succeeded = state.exitCode == 0
    setReady(false, reason: succeeded ? "PodCompleted" : "PodFailed", at: time)
    return status(succeeded ? "Succeeded" : "Failed", ContainerState(terminated: state), isReady: false, time)
  }

  private mutating func status(
    _ phase: String, _ state: ContainerState, isReady: Bool, _ time: Timestamp
  ) -> PodStatus {
    startTime = startTime ?? time
    var status = PodStatus(phase: phase)
    status.podIP = address
    status.hostIP = address
    status.startTime = startTime
    status.conditions = conditions
    status.containerStatuses = [ContainerStatus(name: container, ready: isReady, image: image, state: state)]
    return status
  }

  private mutating func setReady(_ isReady: Bool, reason: String?, at time: Timestamp) {
    set("Initialized", .true, nil, time)
    for type in ["ContainersReady", "Ready"] { set(type, isReady ? .true : .false, reason, time) }
  }

  private mutating func set(_ type: String, _ status: ConditionStatus, _ reason: String?, _ time: Timestamp) {
    var next = PodCondition(type: type, status: status, reason: reason, lastTransitionTime: time)
    guard let index = conditions.firstIndex(where: { $0.type == type }) else {
      conditions.append(next)
      return
    }
    if conditions[index].status == status { next.lastTransitionTime = conditions[index].lastTransitionTime }
    conditions[index] = next
  }
}
