package struct PodStatus: Sendable, Hashable, Codable {
  /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
  package var phase: String?
  package var reason: String?
  package var message: String?
  package var podIP: String?
  package var hostIP: String?
  package var startTime: Timestamp?
  package var conditions: [PodCondition]?
  package var containerStatuses: [ContainerStatus]?

  package init(phase: String? = nil) { self.phase = phase }
}

package struct PodCondition: Sendable, Hashable, Codable {
  package var type: String
  package var status: ConditionStatus
  package var reason: String?
  package var message: String?
  package var lastTransitionTime: Timestamp?
  package init(
    type: String, status: ConditionStatus, reason: String? = nil, message: String? = nil,
    lastTransitionTime: Timestamp? = nil
  ) {
    self.type = type
    self.status = status
    self.reason = reason
    self.message = message
    self.lastTransitionTime = lastTransitionTime
  }
}

package struct ContainerStatus: Sendable, Hashable, Codable {
  package var name: String
  package var ready: Bool
  package var restartCount: Int
  package var image: String?
  package var imageID: String?
  package var state: ContainerState?
  package init(name: String, ready: Bool, restartCount: Int = 0, image: String, state: ContainerState? = nil) {
    self.name = name
    self.ready = ready
    self.restartCount = restartCount
    self.image = image
    self.imageID = image
    self.state = state
  }
}

/// What a container does: one of the three is set.
package struct ContainerState: Sendable, Hashable, Codable {
  package struct Waiting: Sendable, Hashable, Codable {
    package var reason: String?
    package var message: String?
    package init(reason: String? = nil, message: String? = nil) {
      self.reason = reason
      self.message = message
    }
  }
  package struct Running: Sendable, Hashable, Codable {
    package var startedAt: Timestamp?
    package init(startedAt: Timestamp? = nil) { self.startedAt = startedAt }
  }
  package struct Terminated: Sendable, Hashable, Codable {
    package var exitCode: Int
    package var signal: Int?
    package var reason: String?
    package var message: String?
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package init(exitCode: Int, signal: Int? = nil, reason: String? = nil, message: String? = nil) {
      self.exitCode = exitCode
      self.signal = signal
      self.reason = reason
      self.message = message
    }
  }
  package var waiting: Waiting?
  package var running: Running?
  package var terminated: Terminated?
  package init(waiting: Waiting? = nil, running: Running? = nil, terminated: Terminated? = nil) {
    self.waiting = waiting
    self.running = running
    self.terminated = terminated
  }
}

extension Pod {
  package var phase: String { status?.phase ?? "Pending" }
  /// True where the pod's `Ready` condition is true.
  package var isReady: Bool { status?.conditions?.contains { $0.type == "Ready" && $0.status == .true } ?? false }
  /// True once all containers have ended for good.
  package var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }
}
