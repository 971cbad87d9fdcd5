import Basics
import KubeTypes

/// One CustomResourceDefinition: names, schema, columns and subresources of a kind.
struct CustomResource: Sendable {
  let resource: ResourceDefinition
  let schema: Schema
  let shortName: String
  let columns: [PrinterColumn]
  /// The paths of the scale subresource; nil where the kind has none.
  let scale: JSONValue?
  let hasStatus: Bool

  init<Object: KubeObject>(
    _ type: Object.Type, schema: Schema, shortName: String, columns: [PrinterColumn], scale: JSONValue? = nil,
    hasStatus: Bool = true
  ) {
    resource = type.definition
    self.schema = schema
    self.shortName = shortName
    self.columns = columns
    self.scale = scale
    self.hasStatus = hasStatus
  }

  /// The definition as the API server takes it.
  func json(cel: Bool) -> JSONValue {
    var subresources: JSONValue = hasStatus ? ["status": [:]] : [:]
    if let scale { subresources["scale"] = scale }
    return [
      "apiVersion": "apiextensions.k8s.io/v1",
      "kind": "CustomResourceDefinition",
      "metadata": [
        "name": .string("\(resource.plural).\(resource.group)"),
        "labels": ["app.kubernetes.io/part-of": "tensorfleet"],
      ],
      "spec": [
        "group": .string(resource.group),
        "names": [
          "kind": .string(resource.kind),
          "listKind": .string("\(resource.kind)List"),
          "plural": .string(resource.plural),
          "singular": .string(resource.kind.lowercased()),
          "shortNames": [.string(shortName)],
          "categories": ["tensorfleet"],
        ],
        "scope": "Namespaced",
        "versions": [
          [
            "name": .string(resource.version),
            "served": true,
            "storage": true,
            "schema": ["openAPIV3Schema": schema.json(cel: cel)],
            "subresources": subresources,
            "additionalPrinterColumns": .array(columns.map(\.json)),
          ]
        ],
      ],
    ]
  }
}

/// A column of `kubectl get`.
struct PrinterColumn: Sendable, Hashable {
  enum ValueType: String, Sendable { case string, integer, date }

  let name: String
  let type: ValueType
  /// A JSONPath into the object, without braces.
  let path: String
  let description: String?
  /// Whether the column is left to `-o wide`.
  let isWide: Bool

  init(_ name: String, _ type: ValueType, _ path: String, _ description: String? = nil, wide: Bool = false) {
    self.name = name
    self.type = type
    self.path = path
    self.description = description
    isWide = wide
  }

  static let age = PrinterColumn("Age", .date, ".metadata.creationTimestamp")

  var json: JSONValue {
    var column: JSONValue = ["name": .string(name), "type": .string(type.rawValue), "jsonPath": .string(path)]
    if let description { column["description"] = .string(description) }
    if isWide { column["priority"] = 1 }
    return column
  }
}
