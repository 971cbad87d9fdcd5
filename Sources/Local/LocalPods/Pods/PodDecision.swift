import KubeTypes

/// What a runner does about a pod that it sees.
enum PodDecision: Sendable, Equatable {
  /// Another node's, or over.
  case ignore
  /// Bind it where that is still to be done, and start its worker.
  case supervise
  /// Tell the pod's supervisor.
  case requestDeletion(graceSeconds: Int64)
  /// It ran under an earlier runner: report it as failed.
  case reportLost
  /// It waits for this node to say that nothing of it is left.
  case remove

  /// What this node's runner knows of a pod, by its UID.
  enum Knowledge: Sendable {
    /// Never met.
    case unknown
    /// A supervisor has it.
    case supervised
    /// Its supervisor is done with it.
    case done
  }

  static func decide(_ pod: Pod, node: String, _ knowledge: Knowledge) -> PodDecision {
    let assigned = pod.spec?.nodeName ?? ""
    guard assigned.isEmpty || assigned == node else { return .ignore }
    if pod.isTerminating {
      switch knowledge {
      case .supervised:
        return .requestDeletion(
          graceSeconds: pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30)
      case .unknown, .done: return assigned.isEmpty ? .ignore : .remove
      }
    }
    guard case .unknown = knowledge, !pod.isFinished else { return .ignore }
    // Assigned and still pending: nothing of it was ever started, or it ended with the runner that did before it said so.
    return assigned.isEmpty || pod.phase == "Pending" ? .supervise : .reportLost
  }
}
