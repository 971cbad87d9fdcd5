import Basics
import KubeTypes

/// A patch as it came: its format and content.
enum PatchFormat {
  case json(JSONValue), merge(JSONValue), strategic(JSONValue), apply(JSONValue)

  static let mediaTypes = [
    "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
  ]

  init(_ request: ParsedRequest) throws(APIFailure) {
    guard let body = request.body else { throw .badRequest("a patch needs a body") }
    switch request.contentType {
    case "application/json-patch+json": self = .json(body)
    case "application/merge-patch+json": self = .merge(try request.object())
    case "application/strategic-merge-patch+json": self = .strategic(try request.object())
    case "application/apply-patch+yaml": self = .apply(try request.object())
    default: throw .unsupportedMediaType(request.contentType, accepted: Self.mediaTypes)
    }
  }

  /// `object` with a patch of the three formats that need no field ownership.
  func applied(to object: JSONValue, topology: Topology, _ target: Target) throws(APIFailure) -> JSONValue {
    switch self {
    case .json(let operations): return try JSONPatch.apply(operations, to: object, target)
    case .merge(let patch): return MergePatch.apply(patch, to: object)
    case .strategic(let patch):
      guard target.type.rules != .custom else {
        throw .unsupportedMediaType(Self.mediaTypes[2], accepted: [Self.mediaTypes[0], Self.mediaTypes[1]])
      }
      return StrategicMerge.apply(patch, to: object, topology)
    case .apply: throw .unsupportedMediaType(Self.mediaTypes[3], accepted: Array(Self.mediaTypes.dropLast()))
    }
  }
}

extension ServerState {
  /// PATCH in any of the four formats.
  /// - Returns: the stored object, and whether an apply created it.
  mutating func patch(
    _ name: String, _ target: Target, _ request: ParsedRequest
  ) throws(APIFailure) -> (Stored, Bool) {
    let format = try PatchFormat(request)
    if case .apply(let configuration) = format {
      guard request.query.fieldManager != nil else {
        throw .invalid(Self.patchOptions, "", [.required("fieldManager", "is required for apply patch")])
      }
      return try apply(configuration, name, target, force: request.query.force)
    }
    guard !request.query.force else {
      throw .invalid(Self.patchOptions, "", [.forbidden("force", "may not be specified for non-apply patch")])
    }
    let live = try live(name, target)
    let next = try format.applied(
      to: live.value(as: target.apiVersion), topology: .root(target.version.schema), target)
    return (try update(live, to: next, target), false)
  }

  private static let patchOptions = APIFailure.Subject(
    group: "meta.k8s.io", plural: "PatchOptions", kind: "PatchOptions")
}
