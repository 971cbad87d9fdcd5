import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One version of one object: never changed, shared by the store, the history and every answer.
final class Stored: Sendable {
  let value: JSONValue
  let resourceVersion: Int64
  /// `value` as JSON, written once however many watchers get it.
  let bytes: Data
  let apiVersion: String
  let uid: String
  let labels: [String: String]
  /// Who owns which field; nil until the first server-side apply.
  let managers: FieldManagers?

  init(_ value: JSONValue, resourceVersion: Int64, managers: FieldManagers?) {
    self.value = value
    self.resourceVersion = resourceVersion
    self.managers = managers
    bytes = JSONWriter.data(value)
    apiVersion = value["apiVersion"]?.stringValue ?? ""
    uid = value.objectUID
    labels = value.labels
  }

  /// The object as JSON in one of its kind's versions: with the conversion strategy `None` only `apiVersion` differs.
  func bytes(as wanted: String) -> Data {
    if wanted == apiVersion { return bytes }
    return JSONWriter.data(value(as: wanted))
  }

  func value(as wanted: String) -> JSONValue {
    if wanted == apiVersion { return value }
    var converted = value
    converted["apiVersion"] = .string(wanted)
    return converted
  }
}
