import Basics
import KubeTypes

/// The custom resource of the suite: one field for each rule that a schema can state.
enum Widget {
  static let group = "conformance.example.com"

  static func make(_ name: String, spec: JSONValue = [:], metadata: JSONValue = [:]) -> JSONValue {
    var metadata = metadata
    metadata["name"] = .string(name)
    return ["apiVersion": .string("\(group)/v1"), "kind": "Widget", "metadata": metadata, "spec": spec]
  }

  /// An owner reference to a widget.
  static func owner(_ widget: JSONValue, blocking: Bool = false) -> JSONValue {
    [
      "apiVersion": .string("\(group)/v1"), "kind": "Widget", "name": widget["metadata"]?["name"] ?? .null,
      "uid": .string(widget.uid), "blockOwnerDeletion": .bool(blocking),
    ]
  }

  static let definition = definition(plural: "widgets", kind: "Widget")

  /// A definition of widgets under another name.
  /// - Parameter more: further properties of the spec.
  static func definition(plural: String, kind: String, more: [String: JSONValue] = [:]) -> JSONValue {
    var spec = spec
    for (name, schema) in more { spec[path: ["properties", name]] = schema }
    return [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": .string("\(plural).\(group)")],
      "spec": [
        "group": .string(group), "scope": "Namespaced",
        "names": [
          "plural": .string(plural), "singular": .string(kind.lowercased()), "kind": .string(kind),
          "listKind": .string("\(kind)List"),
        ],
        "versions": [
          [
            "name": "v1", "served": true, "storage": true,
            "subresources": [
              "status": [:],
              "scale": [
                "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
                "labelSelectorPath": ".status.selector",
              ],
            ],
            "schema": ["openAPIV3Schema": ["type": "object", "properties": ["spec": spec, "status": status]]],
          ]
        ],
      ],
    ]
  }

  private static let spec: JSONValue = [
    "type": "object",
    "properties": [
      "size": ["type": "integer", "format": "int32", "minimum": 1, "maximum": 100, "default": 3],
      "ratio": ["type": "number", "minimum": 0, "exclusiveMinimum": true],
      "color": ["type": "string", "enum": ["red", "green", "blue"], "default": "red"],
      "title": ["type": "string", "minLength": 2, "maxLength": 5],
      "slug": ["type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"],
      "note": ["type": "string", "nullable": true],
      "replicas": ["type": "integer", "minimum": 0],
      "when": ["type": "string", "format": "date-time"],
      "extra": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
      "levels": ["type": "object", "additionalProperties": ["type": "integer", "minimum": 0]],
      "steps": ["type": "array", "maxItems": 3, "minItems": 1, "items": ["type": "string"]],
      "tags": ["type": "array", "x-kubernetes-list-type": "set", "items": ["type": "string"]],
      "template": [
        "type": "object", "required": ["image"],
        "properties": ["image": ["type": "string"], "pull": ["type": "string", "default": "Always"]],
      ],
      "ports": [
        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
        "items": [
          "type": "object", "required": ["name"],
          "properties": [
            "name": ["type": "string"], "number": ["type": "integer"],
            "protocol": ["type": "string", "default": "TCP"],
          ],
        ],
      ],
    ],
  ]

  private static let status: JSONValue = [
    "type": "object",
    "properties": [
      "replicas": ["type": "integer"], "selector": ["type": "string"], "phase": ["type": "string"],
      "conditions": [
        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"],
        "items": [
          "type": "object", "required": ["type", "status"],
          "properties": ["type": ["type": "string"], "status": ["type": "string"]],
        ],
      ],
    ],
  ]
}
