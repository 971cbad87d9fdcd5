#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The one JSON coder of the tree: keys sorted on output, so that equal values are equal bytes.
public enum JSON {
  /// Encodes `value` as compact JSON.
  public static func encode<T: Encodable>(_ value: T) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  /// Decodes a `T` from JSON; members that `T` does not know are dropped.
  public static func decode<T: Decodable>(_ type: T.Type = T.self, from data: Data) throws -> T {
    try JSONDecoder().decode(type, from: data)
  }

  /// `value` as a tree of JSON values.
  public static func value<T: Encodable>(of value: T) throws -> JSONValue {
    if let tree = value as? JSONValue { return tree }
    return try decode(JSONValue.self, from: encode(value))
  }

  /// A `T` read from a tree of JSON values.
  public static func read<T: Decodable>(_ type: T.Type = T.self, from tree: JSONValue) throws -> T {
    try decode(type, from: encode(tree))
  }
}
