import Basics
import KubeTypes

/// A field selector: `metadata.name=x,status.phase!=Running`. Only the fields that the real server indexes are known.
struct FieldSelector: Sendable, Equatable {
  struct Requirement: Sendable, Equatable {
    var path: [String]
    var value: String
    var equal: Bool
  }

  var requirements: [Requirement] = []

  init() {}

  /// - Throws: 400 for a field the kind cannot be selected by, or a text that is no selector.
  init(_ text: String, type: ResourceType) throws(APIFailure) {
    for part in text.split(separator: ",") where !part.isEmpty {
      let mark = part.contains("!=") ? "!=" : part.contains("==") ? "==" : "="
      guard let range = part.firstRange(of: mark) else {
        throw .badRequest("invalid field selector: '\(part)'; can't understand '\(part)'")
      }
      let field = String(part[..<range.lowerBound])
      guard Self.fields(of: type).contains(field) else {
        throw .badRequest(
          "Unable to find \"\(type.subject.qualified)\" that match label selector \"\", field selector \"\(text)\": "
            + "field label not supported: \(field)")
      }
      requirements.append(
        Requirement(
          path: field.split(separator: ".").map(String.init), value: String(part[range.upperBound...]),
          equal: mark != "!="))
    }
  }

  func matches(_ object: JSONValue) -> Bool {
    requirements.allSatisfy { requirement in
      let found = object[path: requirement.path]
      let text =
        switch found {
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .none, .null: ""
        case .some(let other): JSONWriter.text(other)
        }
      return (text == requirement.value) == requirement.equal
    }
  }

  private static func fields(of type: ResourceType) -> Set<String> {
    let always: Set<String> = ["metadata.name", "metadata.namespace"]
    let more: Set<String> =
      switch type.rules {
      case .pod:
        [
          "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase",
          "status.podIP", "status.nominatedNodeName",
        ]
      case .event:
        [
          "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
          "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "type",
        ]
      case .namespace: ["status.phase"]
      case .node: ["spec.unschedulable"]
      default: type.id.plural == "secrets" ? ["type"] : []
      }
    return always.union(more)
  }
}
