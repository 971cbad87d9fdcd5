import Basics

public struct PodStatus: Sendable, Hashable, Codable {
  /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
  public var phase: String?
  public var reason: String?
  public var message: String?
  public var podIP: String?
  public var hostIP: String?
  public var startTime: Timestamp?
  public var conditions: [PodCondition]?
  public var containerStatuses: [ContainerStatus]?

  public init(phase: String? = nil) { self.phase = phase }
}

public struct PodCondition: Sendable, Hashable, Codable {
  public var type: String
  public var status: ConditionStatus
  public var reason: String?
  public var message: String?
  public var lastTransitionTime: Timestamp?
  public init(
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

public struct ContainerStatus: Sendable, Hashable, Codable {
  public var name: String
  public var ready: Bool
  public var restartCount: Int
  public var image: String?
  public var imageID: String?
  public var state: ContainerState?
  public init(name: String, ready: Bool, restartCount: Int = 0, image: String, state: ContainerState? = nil) {
    self.name = name
    self.ready = ready
    self.restartCount = restartCount
    self.image = image
    self.imageID = image
    self.state = state
  }
}

/// What a container does: one of the three is set.
public struct ContainerState: Sendable, Hashable, Codable {
  public struct Waiting: Sendable, Hashable, Codable {
    public var reason: String?
    public var message: String?
    public init(reason: String? = nil, message: String? = nil) {
      self.reason = reason
      self.message = message
    }
  }
  public struct Running: Sendable, Hashable, Codable {
    public var startedAt: Timestamp?
    public init(startedAt: Timestamp? = nil) { self.startedAt = startedAt }
  }
  public struct Terminated: Sendable, Hashable, Codable {
    public var exitCode: Int
    public var signal: Int?
    public var reason: String?
    public var message: String?
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    public init(exitCode: Int, signal: Int? = nil, reason: String? = nil, message: String? = nil) {
      self.exitCode = exitCode
      self.signal = signal
      self.reason = reason
      self.message = message
    }
  }
  public var waiting: Waiting?
  public var running: Running?
  public var terminated: Terminated?
  public init(waiting: Waiting? = nil, running: Running? = nil, terminated: Terminated? = nil) {
    self.waiting = waiting
    self.running = running
    self.terminated = terminated
  }
}

extension Pod {
  public var phase: String { status?.phase ?? "Pending" }
  /// True where the pod's `Ready` condition is true.
  public var isReady: Bool { status?.conditions?.contains { $0.type == "Ready" && $0.status == .true } ?? false }
  /// True once all containers have ended for good.
  public var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }
}
