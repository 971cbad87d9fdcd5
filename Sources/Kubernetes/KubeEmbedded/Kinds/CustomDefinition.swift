import Basics
import KubeTypes

/// A CustomResourceDefinition (apiextensions.k8s.io/v1) read into the resource that it asks for.
enum CustomDefinition {
  /// The resource of a definition.
  /// - Throws: the field that is missing or wrong.
  static func resourceType(of definition: JSONValue) throws(FieldError) -> ResourceType {
    func text(_ path: [String]) throws(FieldError) -> String {
      guard let value = definition[path: path]?.stringValue, !value.isEmpty else {
        throw .required(path.joined(separator: "."))
      }
      return value
    }
    let group = try text(["spec", "group"])
    let plural = try text(["spec", "names", "plural"])
    let kind = try text(["spec", "names", "kind"])
    let scope = try text(["spec", "scope"])
    guard scope == "Namespaced" || scope == "Cluster" else {
      throw .unsupported("spec.scope", .string(scope), supported: ["Cluster", "Namespaced"])
    }
    guard definition.objectName == "\(plural).\(group)" else {
      throw .invalid("metadata.name", .string(definition.objectName), "must be spec.names.plural+\".\"+spec.group")
    }
    let names = definition["spec"]?["names"]
    let listed = definition["spec"]?["versions"]?.arrayValue ?? []
    guard !listed.isEmpty else { throw .required("spec.versions", "must have at least one version") }
    guard listed.count(where: { $0["storage"]?.boolValue == true }) == 1 else {
      throw .invalid(
        "spec.versions", .array(listed.map { $0["name"] ?? .null }),
        "must have exactly one version marked as storage version")
    }
    var versions: [ServedVersion] = []
    for (position, version) in listed.enumerated() {
      versions.append(try served(version, at: "spec.versions[\(position)]"))
    }
    return ResourceType(
      id: ResourceID(group: group, plural: plural), kind: kind,
      listKind: names?["listKind"]?.stringValue ?? kind + "List",
      singular: names?["singular"]?.stringValue ?? kind.lowercased(),
      shortNames: texts(names?["shortNames"]), categories: texts(names?["categories"]),
      namespaced: scope == "Namespaced", versions: versions, rules: .custom, tracksGeneration: true,
      allowsUnconditionalUpdate: false)
  }

  private static func texts(_ value: JSONValue?) -> [String] { value?.arrayValue?.compactMap(\.stringValue) ?? [] }

  private static func served(_ version: JSONValue, at field: String) throws(FieldError) -> ServedVersion {
    guard let name = version["name"]?.stringValue else { throw .required("\(field).name") }
    guard let tree = version["schema"]?["openAPIV3Schema"] else {
      throw .required("\(field).schema.openAPIV3Schema", "schemas are required")
    }
    var served = ServedVersion(name: name, served: version["served"]?.boolValue ?? false)
    served.schema = try StructuralSchema(tree, at: "\(field).schema.openAPIV3Schema")
    served.hasStatus = version["subresources"]?["status"] != nil
    if let scale = version["subresources"]?["scale"] {
      let paths = "\(field).subresources.scale"
      guard let spec = scale["specReplicasPath"]?.stringValue else { throw .required("\(paths).specReplicasPath") }
      guard let status = scale["statusReplicasPath"]?.stringValue else {
        throw .required("\(paths).statusReplicasPath")
      }
      served.scale = ScalePaths(
        specReplicas: path(spec), statusReplicas: path(status),
        labelSelector: scale["labelSelectorPath"]?.stringValue.map(path))
    }
    return served
  }

  /// `.spec.replicas` as member names.
  private static func path(_ text: String) -> [String] { text.split(separator: ".").map(String.init) }

  /// The definition as the server answers with it: names filled in, established, its versions stored.
  static func established(_ definition: JSONValue, type: ResourceType, now: String) -> JSONValue {
    var result = definition
    let storage =
      (definition["spec"]?["versions"]?.arrayValue ?? [])
      .first { $0["storage"]?.boolValue == true }?["name"] ?? .null
    result[path: ["spec", "names", "singular"]] = .string(type.singular)
    result[path: ["spec", "names", "listKind"]] = .string(type.listKind)
    if result[path: ["spec", "conversion"]] == nil {
      result[path: ["spec", "conversion"]] = ["strategy": "None"]
    }
    result["status"] = [
      "acceptedNames": result[path: ["spec", "names"]] ?? .null,
      "storedVersions": [storage],
      "conditions": .array([
        condition("NamesAccepted", "NoConflicts", "no conflicts found", now, of: definition),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now, of: definition),
      ]),
    ]
    return result
  }

  private static func condition(
    _ type: String, _ reason: String, _ message: String, _ now: String, of definition: JSONValue
  ) -> JSONValue {
    let known = definition["status"]?["conditions"]?.arrayValue?.first { $0["type"]?.stringValue == type }
    return [
      "type": .string(type), "status": "True", "reason": .string(reason), "message": .string(message),
      "lastTransitionTime": known?["lastTransitionTime"] ?? .string(now),
    ]
  }
}
