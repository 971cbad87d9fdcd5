import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ServerState {
  /// The documents that say what is served, the version, and the health endpoints.
  func discovery(_ request: ParsedRequest) throws(APIFailure) -> APIResponse {
    guard case .discovery(let path) = request.route, request.method == .get else { throw .noSuchResource }
    switch (path.first, path.count) {
    case ("healthz", _), ("readyz", _), ("livez", _): return APIResponse(status: 200, body: Data("ok".utf8))
    case ("version", 1): return Self.answer(Self.version)
    case ("api", 1):
      return Self.answer(["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []])
    case ("api", 2): return try resources(group: "", version: path[1])
    case ("apis", 1):
      let groups = Set(types.keys.map(\.group)).subtracting([""]).sorted()
      return Self.answer([
        "kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups.map { .object(group($0)) }),
      ])
    case ("apis", 2):
      var document = group(path[1])
      guard document["versions"]?.isEmptyValue == false else { throw .noSuchResource }
      document["kind"] = "APIGroup"
      document["apiVersion"] = "v1"
      return Self.answer(.object(document))
    case ("apis", 3): return try resources(group: path[1], version: path[2])
    default: throw .noSuchResource
    }
  }

  private static let version: JSONValue = [
    "major": "1", "minor": "30", "gitVersion": "v1.30.0-embedded", "platform": "embedded",
  ]

  private static func answer(_ document: JSONValue) -> APIResponse {
    APIResponse(status: 200, body: JSONWriter.data(document))
  }

  private func group(_ name: String) -> [String: JSONValue] {
    let served = types.values.filter { $0.id.group == name }.flatMap { $0.versions.filter(\.served).map(\.name) }
    let versions = Set(served).sorted(by: >).map { version -> JSONValue in
      ["groupVersion": .string("\(name)/\(version)"), "version": .string(version)]
    }
    return ["name": .string(name), "versions": .array(versions), "preferredVersion": versions.first ?? .null]
  }

  private func resources(group: String, version: String) throws(APIFailure) -> APIResponse {
    var listed: [JSONValue] = []
    for type in types.values.sorted(by: { $0.id.plural < $1.id.plural }) where type.id.group == group {
      guard let served = type.version(version) else { continue }
      var entry: JSONValue = [
        "name": .string(type.id.plural), "singularName": .string(type.singular), "kind": .string(type.kind),
        "namespaced": .bool(type.namespaced),
        "verbs": ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      ]
      if !type.shortNames.isEmpty { entry["shortNames"] = .array(type.shortNames.map(JSONValue.string)) }
      if !type.categories.isEmpty { entry["categories"] = .array(type.categories.map(JSONValue.string)) }
      listed.append(entry)
      for (name, kind, verbs) in subresources(type, served) {
        listed.append([
          "name": .string("\(type.id.plural)/\(name)"), "singularName": "", "kind": .string(kind),
          "namespaced": .bool(type.namespaced), "verbs": .array(verbs.map(JSONValue.string)),
        ])
      }
    }
    guard !listed.isEmpty else { throw .noSuchResource }
    return Self.answer([
      "kind": "APIResourceList", "apiVersion": "v1",
      "groupVersion": .string(group.isEmpty ? version : "\(group)/\(version)"), "resources": .array(listed),
    ])
  }

  private func subresources(_ type: ResourceType, _ version: ServedVersion) -> [(String, String, [String])] {
    var found: [(String, String, [String])] = []
    if version.hasStatus { found.append(("status", type.kind, ["get", "patch", "update"])) }
    if version.scale != nil { found.append(("scale", "Scale", ["get", "patch", "update"])) }
    if type.rules == .pod {
      found.append(("binding", "Binding", ["create"]))
      found.append(("eviction", "Eviction", ["create"]))
    }
    if type.rules == .serviceAccount { found.append(("token", "TokenRequest", ["create"])) }
    return found
  }
}
