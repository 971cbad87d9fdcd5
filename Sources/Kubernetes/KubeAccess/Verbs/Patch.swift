import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A change to an object, in one of the API's patch formats.
public enum Patch: Sendable {
  /// RFC 6902: a list of operations.
  case json([JSONPatchOperation])
  /// RFC 7386: members to set; null removes one.
  case merge(JSONValue)
  /// Kubernetes' strategic merge: lists merge by key; built-in kinds only.
  case strategicMerge(JSONValue)
  /// Server-side apply (KEP-555): the whole of what `fieldManager` wants to own.
  case apply(JSONValue, force: Bool)

  public var contentType: String {
    switch self {
    case .json: "application/json-patch+json"
    case .merge: "application/merge-patch+json"
    case .strategicMerge: "application/strategic-merge-patch+json"
    case .apply: "application/apply-patch+yaml"
    }
  }

  func body() throws -> Data {
    switch self {
    case .json(let operations): try JSON.encode(operations)
    case .merge(let value), .strategicMerge(let value), .apply(let value, _): try JSON.encode(value)
    }
  }
}

/// One operation of a JSON patch (RFC 6902).
public struct JSONPatchOperation: Sendable, Hashable, Codable {
  public enum Operation: String, Sendable, Codable { case add, remove, replace, move, copy, test }
  public var op: Operation
  public var path: String
  public var value: JSONValue?
  public var from: String?

  public init(_ op: Operation, _ path: String, value: JSONValue? = nil, from: String? = nil) {
    self.op = op
    self.path = path
    self.value = value
    self.from = from
  }
}
