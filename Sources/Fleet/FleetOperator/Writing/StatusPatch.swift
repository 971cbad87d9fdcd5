import Basics
import KubeAccess
import KubeTypes

/// The merge patch that turns one status into another; nil where nothing changed.
///
/// It carries the resourceVersion it was computed on: a write on top of somebody else's is refused (409) instead of
/// undoing it. Members of the status that this version does not know are left as they are.
enum StatusPatch {
  static func make<Value: Encodable & Equatable>(
    old: Value?, new: Value, resourceVersion: String
  ) throws -> Patch? {
    if let old, old == new { return nil }
    let before = try old.map { try JSON.value(of: $0) } ?? .object([:])
    guard let change = JSONValue.mergePatch(from: before, to: try JSON.value(of: new)) else { return nil }
    return .merge(["metadata": ["resourceVersion": .string(resourceVersion)], "status": change])
  }
}
