import Basics

/// An object of a type that the program does not know, kept whole.
public struct DynamicObject: Sendable, Codable {
  public var content: JSONValue
  public init(_ content: JSONValue) { self.content = content }

  public var apiVersion: String { content["apiVersion"]?.stringValue ?? "" }
  public var kind: String { content["kind"]?.stringValue ?? "" }
  public var name: String { content[path: ["metadata", "name"]]?.stringValue ?? "" }
  public var namespace: String { content[path: ["metadata", "namespace"]]?.stringValue ?? "" }

  public init(from decoder: any Decoder) throws { content = try JSONValue(from: decoder) }
  public func encode(to encoder: any Encoder) throws { try content.encode(to: encoder) }
}
