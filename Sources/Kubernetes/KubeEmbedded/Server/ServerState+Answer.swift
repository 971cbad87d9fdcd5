import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which object or collection a request is about, in which version, and who asks.
struct Target: Sendable {
  var type: ResourceType
  var version: ServedVersion
  var namespace: String?
  var name: String?
  var subresource: Subresource
  /// The name field ownership is recorded under.
  var manager: String

  var apiVersion: String { type.apiVersion(version.name) }
  var subject: APIFailure.Subject { type.subject }
  func address(_ name: String) -> ObjectAddress {
    ObjectAddress(resource: type.id, key: ObjectKey(namespace: namespace ?? "", name: name))
  }
}

extension ServerState {
  /// Answers a request other than a watch.
  mutating func answer(_ request: ParsedRequest) throws(APIFailure) -> APIResponse {
    guard case .resource = request.route else { return try discovery(request) }
    let target = try target(of: request)
    if request.query.dryRun, request.method != .get {
      var trial = self
      trial.isTrial = true
      return try trial.answer(request, target)
    }
    return try answer(request, target)
  }

  /// The resource a path names.
  func target(of request: ParsedRequest) throws(APIFailure) -> Target {
    guard case .resource(let group, let version, let namespace, let plural, let name, let sub) = request.route,
      let type = types[ResourceID(group: group, plural: plural)], let served = type.version(version),
      let subresource = Subresource(rawValue: sub ?? ""), supports(subresource, type, served),
      type.namespaced || namespace == nil
    else { throw .noSuchResource }
    if type.namespaced, namespace == nil, name != nil { throw .noSuchResource }
    return Target(
      type: type, version: served, namespace: namespace, name: name, subresource: subresource,
      manager: request.query.fieldManager ?? "unknown")
  }

  private func supports(_ subresource: Subresource, _ type: ResourceType, _ version: ServedVersion) -> Bool {
    switch subresource {
    case .main: true
    case .status: version.hasStatus
    case .scale: version.scale != nil
    case .binding, .eviction: type.rules == .pod
    case .token: type.rules == .serviceAccount
    case .finalize: type.rules == .namespace
    }
  }

  private mutating func answer(_ request: ParsedRequest, _ target: Target) throws(APIFailure) -> APIResponse {
    guard let name = target.name else {
      switch request.method {
      case .get: return try list(target, request.query)
      case .post:
        if target.type.namespaced, target.namespace == nil { throw .methodNotAllowed() }
        return answer(try create(request.object(), target), target, code: 201)
      case .delete: return try deleteCollection(target, request)
      case .put, .patch: throw .methodNotAllowed()
      }
    }
    switch (request.method, target.subresource) {
    case (.get, .main), (.get, .status): return try get(name, target, request.query)
    case (.get, .scale): return APIResponse(status: 200, body: JSONWriter.data(try scale(name, target)))
    case (.put, .scale), (.patch, .scale):
      return APIResponse(status: 200, body: JSONWriter.data(try setScale(name, target, request)))
    case (.post, .binding):
      try bind(name, target, request.object())
      return APIResponse(status: 201, body: JSONWriter.data(Self.success))
    case (.post, .eviction):
      _ = try delete(name, target, DeletionOptions())
      return APIResponse(status: 201, body: JSONWriter.data(Self.success))
    case (.post, .token):
      return APIResponse(status: 201, body: JSONWriter.data(try token(name, target, request.object())))
    case (.put, .main), (.put, .status), (.put, .finalize):
      let body = try request.object()
      return answer(try replace(name, with: body, target), target, code: 200)
    case (.patch, .main), (.patch, .status):
      let (object, created) = try patch(name, target, request)
      return answer(object, target, code: created ? 201 : 200)
    case (.delete, .main):
      let outcome = try delete(name, target, DeletionOptions(request))
      switch outcome {
      case .pending(let object): return answer(object, target, code: 200)
      case .gone(let object):
        return APIResponse(status: 200, body: JSONWriter.data(Self.deleted(object, target)))
      }
    default: throw .methodNotAllowed()
    }
  }

  private func answer(_ object: Stored, _ target: Target, code: Int) -> APIResponse {
    APIResponse(status: code, body: object.bytes(as: target.apiVersion))
  }

  static let success: JSONValue = [
    "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201,
  ]

  private static func deleted(_ object: Stored, _ target: Target) -> JSONValue {
    [
      "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
      "details": [
        "name": .string(object.value.objectName), "group": .string(target.type.id.group),
        "kind": .string(target.type.id.plural), "uid": .string(object.uid),
      ],
    ]
  }
}
