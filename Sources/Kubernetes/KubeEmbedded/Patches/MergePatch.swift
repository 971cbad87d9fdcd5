import Basics
import KubeTypes

/// JSON merge patch (RFC 7386).
enum MergePatch {
  static func apply(_ patch: JSONValue, to target: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var members = target.objectValue ?? [:]
    for (name, change) in changes {
      if change == .null {
        members.removeValue(forKey: name)
      } else {
        members[name] = apply(change, to: members[name] ?? .null)
      }
    }
    return .object(members)
  }
}
