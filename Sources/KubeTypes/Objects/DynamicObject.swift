/// An object of a type that the program does not know, kept whole.
package struct DynamicObject: Sendable, Codable {
  package var content: JSONValue
  package init(_ content: JSONValue) { self.content = content }

  package var apiVersion: String { content["apiVersion"]?.stringValue ?? "" }
  package var kind: String { content["kind"]?.stringValue ?? "" }
  package var name: String { content[path: ["metadata", "name"]]?.stringValue ?? "" }
  package var namespace: String { content[path: ["metadata", "namespace"]]?.stringValue ?? "" }

  package init(from decoder: any Decoder) throws { content = try JSONValue(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try content.encode(to: encoder) }
}
