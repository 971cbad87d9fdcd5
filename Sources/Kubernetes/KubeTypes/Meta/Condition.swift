import Basics

/// The value of a condition.
public enum ConditionStatus: String, Sendable, Hashable, Codable {
  case `true` = "True"
  case `false` = "False"
  case unknown = "Unknown"
}

/// One observed aspect of an object's state (`metav1.Condition`).
public struct Condition: Sendable, Hashable, Codable {
  public var type: String
  public var status: ConditionStatus
  public var reason: String
  public var message: String
  public var lastTransitionTime: Timestamp
  public var observedGeneration: Int64?

  public init(
    type: String, status: ConditionStatus, reason: String, message: String, lastTransitionTime: Timestamp,
    observedGeneration: Int64? = nil
  ) {
    self.type = type
    self.status = status
    self.reason = reason
    self.message = message
    self.lastTransitionTime = lastTransitionTime
    self.observedGeneration = observedGeneration
  }
}

extension [Condition] {
  /// The condition of a type.
  public subscript(type type: String) -> Condition? { first { $0.type == type } }

  /// Sets a condition by its type. `lastTransitionTime` moves only where `status` changes, as the API conventions ask.
  public mutating func set(_ condition: Condition) {
    guard let index = firstIndex(where: { $0.type == condition.type }) else {
      append(condition)
      return
    }
    var next = condition
    if self[index].status == condition.status { next.lastTransitionTime = self[index].lastTransitionTime }
    self[index] = next
  }
}
