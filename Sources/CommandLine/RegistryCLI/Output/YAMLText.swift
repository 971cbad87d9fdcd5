import Basics
import KubeTypes
import Yams

/// JSON values as YAML. An encoder for YAML would write 0.95 as 9.5e-1; here numbers are written as in JSON.
enum YAMLText {
  /// - Throws: what libyaml says; it has nothing to say of what is JSON.
  static func text(_ value: JSONValue) throws -> String {
    try Yams.serialize(node: node(value), allowUnicode: true, sortKeys: true)
  }

  private static func node(_ value: JSONValue) -> Node {
    switch value {
    case .null: Node("null", Tag(.null))
    case .bool(let value): Node("\(value)", Tag(.bool))
    case .int(let value): Node("\(value)", Tag(.int))
    case .double(let value): Node("\(value)", Tag(.float))
    case .string(let text): string(text)
    case .array(let items): Node(items.map(node), Tag(.seq))
    case .object(let members):
      Node(members.sorted { $0.key < $1.key }.map { (string($0.key), node($0.value)) }, Tag(.map))
    }
  }

  /// Quoted where a reader would take it for something else: a number, a time, `yes`.
  private static func string(_ text: String) -> Node {
    let isPlain = Resolver.default.resolveTag(of: Node(text)) == .str
    return Node(text, Tag(.str), isPlain ? .any : .singleQuoted)
  }
}
