import Basics
import KubeTypes

extension ServerState {
  /// Defaults, prunes and validates an object by its kind's rules.
  /// - Returns: the resource that a CustomResourceDefinition defines, to be served once it is stored.
  /// - Throws: 422 with every field that is wrong.
  func applyRules(
    _ object: inout JSONValue, replacing old: JSONValue?, _ target: Target
  ) throws(APIFailure) -> ResourceType? {
    Self.cleanMetadata(&object)
    var errors = NameRules.errors(inMetadataOf: object, type: target.type)
    var custom: ResourceType?
    switch target.type.rules {
    case .custom:
      if let schema = target.version.schema {
        object = schema.defaulted(schema.pruned(object))
        errors += SchemaValidation.errors(of: object, by: schema)
        // As in the server, rules are asked only of objects that have the right shape.
        if errors.isEmpty { errors += schema.ruleErrors(object, old: old) }
      }
    case .pod:
      PodRules.applyDefaults(&object, isNew: old == nil)
      errors += PodRules.errors(in: object, replacing: old, isStatus: target.subresource == .status)
    case .namespace: defaultNamespace(&object)
    case .customResourceDefinition:
      do {
        let type = try CustomDefinition.resourceType(of: object)
        object = CustomDefinition.established(object, type: type, now: now)
        custom = type
      } catch { errors.append(error) }
    case .role:
      if let old, old["roleRef"] != object["roleRef"] {
        errors.append(.invalid("roleRef", object["roleRef"] ?? .null, "cannot change roleRef"))
      }
    case .plain, .node, .event, .serviceAccount: break
    }
    guard errors.isEmpty else { throw .invalid(target.subject, object.objectName, errors) }
    return custom
  }

  /// Members of metadata that are empty or null are not kept, as Go's `omitempty` does not.
  static func cleanMetadata(_ object: inout JSONValue) {
    guard var members = object["metadata"]?.objectValue else { return }
    for key in ["labels", "annotations", "ownerReferences", "finalizers"] where members[key]?.isEmptyValue == true {
      members[key] = nil
    }
    for (key, value) in members where value == .null { members[key] = nil }
    object["metadata"] = .object(members)
  }

  private func defaultNamespace(_ object: inout JSONValue) {
    if object[path: ["spec", "finalizers"]] == nil { object[path: ["spec", "finalizers"]] = ["kubernetes"] }
    object[path: ["status", "phase"]] = object.isTerminating ? "Terminating" : "Active"
    if object[path: ["metadata", "labels", "kubernetes.io/metadata.name"]] == nil {
      object[path: ["metadata", "labels", "kubernetes.io/metadata.name"]] = .string(object.objectName)
    }
  }
}
