import Basics
import KubeTypes

/// How an object is to be deleted (`metav1.DeleteOptions`, from body or query).
struct DeletionOptions: Sendable {
  enum Propagation: String, Sendable { case background = "Background", foreground = "Foreground", orphan = "Orphan" }
  var uid: String?
  var resourceVersion: String?
  var gracePeriodSeconds: Int64?
  /// nil leaves it to the kind: background.
  var propagation: Propagation?

  init() {}

  init(_ request: ParsedRequest) throws(APIFailure) {
    let body = request.body
    uid = body?["preconditions"]?["uid"]?.stringValue
    resourceVersion = body?["preconditions"]?["resourceVersion"]?.stringValue
    gracePeriodSeconds = body?["gracePeriodSeconds"]?.intValue ?? request.query.gracePeriodSeconds
    if let seconds = gracePeriodSeconds, seconds < 0 {
      throw .badRequest("gracePeriodSeconds: Invalid value: \(seconds): must be a non-negative integer")
    }
    let policy = body?["propagationPolicy"]?.stringValue ?? request.query.propagationPolicy
    if let policy {
      guard let known = Propagation(rawValue: policy) else {
        let subject = APIFailure.Subject(group: "meta.k8s.io", plural: "DeleteOptions", kind: "DeleteOptions")
        throw .invalid(
          subject, "",
          [
            .unsupported(
              "propagationPolicy", .string(policy), supported: ["Background", "Foreground", "Orphan"])
          ])
      }
      propagation = known
    } else if body?["orphanDependents"]?.boolValue == true {
      propagation = .orphan
    }
  }
}

/// What a deletion led to.
enum DeletionOutcome {
  /// The object stays until its finalizers, its dependents or its grace period let it go.
  case pending(Stored)
  case gone(Stored)
}
