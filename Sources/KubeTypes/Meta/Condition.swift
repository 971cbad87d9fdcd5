/// The value of a condition.
package enum ConditionStatus: String, Sendable, Hashable, Codable {
  case `true` = "True"
  case `false` = "False"
  case unknown = "Unknown"
}

/// One observed aspect of an object's state (`metav1.Condition`).
package struct Condition: Sendable, Hashable, Codable {
  package var type: String
  package var status: ConditionStatus
  package var reason: String
  package var message: String
  package var lastTransitionTime: Timestamp
  package var observedGeneration: Int64?

  package init(
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
  package subscript(type type: String) -> Condition? { first { $0.type == type } }

  /// Sets a condition by its type. `lastTransitionTime` moves only where `status` changes, as the API conventions ask.
  package mutating func set(_ condition: Condition) {
    guard let index = firstIndex(where: { $0.type == condition.type }) else {
      append(condition)
      return
    }
    var next = condition
    if self[index].status == condition.status { next.lastTransitionTime = self[index].lastTransitionTime }
    self[index] = next
  }
}
