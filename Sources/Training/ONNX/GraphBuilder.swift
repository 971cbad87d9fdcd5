/// Puts a graph together, node after node, and keeps the names of its values apart.
package struct GraphBuilder {
  /// The graph as it is now.
  package private(set) var graph: GraphProto
  private var names: Set<String>

  /// - Parameter reserved: names of outputs, and of values around this graph.
  package init(name: String, reserved: Set<String>) {
    graph = GraphProto(name: name)
    names = reserved
  }

  /// An input the caller of the model brings. Its name is `name` unless that is taken: names come from columns.
  /// - Returns: its name.
  package mutating func input(
    _ name: String, _ type: ElementType, shape: [ValueInfoProto.Dimension], documentation: String = ""
  ) -> String {
    let unique = claim(name, or: "_input")
    graph.inputs.append(ValueInfoProto(name: unique, type: type, shape: shape, documentation: documentation))
    return unique
  }

  /// A constant.
  /// - Returns: its name.
  package mutating func constant(_ name: String, shape: [Int], _ values: TensorProto.Values) -> String {
    let unique = claim(name, or: "_constant")
    graph.initialisers.append(TensorProto(name: unique, shape: shape, values))
    return unique
  }

  /// An operation with one output, whose name starts with `name`.
  /// - Returns: the output's name.
  package mutating func node(
    _ operation: String, domain: OperatorDomain = .standard, _ inputs: [String], name: String,
    attributes: [AttributeProto] = []
  ) -> String {
    let result = claim(name, or: "_value")
    append(operation, domain: domain, inputs, outputs: [result], attributes)
    return result
  }

  /// An operation with several outputs.
  /// - Parameter names: one an output; an empty name leaves an optional output out.
  /// - Returns: the outputs' names.
  package mutating func node(
    _ operation: String, domain: OperatorDomain = .standard, _ inputs: [String], names: [String],
    attributes: [AttributeProto] = []
  ) -> [String] {
    let results = names.map { $0.isEmpty ? "" : claim($0, or: "_value") }
    append(operation, domain: domain, inputs, outputs: results, attributes)
    return results
  }

  /// A builder for a graph within this one, such as a loop's body: it may use this one's values by their names, and so
  /// must not give these names to values of its own. Hand it to `absorb` when it is done.
  package func body(name: String) -> GraphBuilder { GraphBuilder(name: name, reserved: names) }

  /// Takes note of the names in a finished body.
  package mutating func absorb(_ body: GraphBuilder) { names.formUnion(body.names) }

  /// An operation that gives the graph's output `name`: one of the reserved names, or one that no other value has.
  package mutating func output(
    _ name: String, _ type: ElementType, shape: [ValueInfoProto.Dimension], from operation: String,
    domain: OperatorDomain = .standard, _ inputs: [String], attributes: [AttributeProto] = []
  ) {
    names.insert(name)
    append(operation, domain: domain, inputs, outputs: [name], attributes)
    graph.outputs.append(ValueInfoProto(name: name, type: type, shape: shape))
  }

  private mutating func append(
    _ operation: String, domain: OperatorDomain, _ inputs: [String], outputs: [String], _ attributes: [AttributeProto]
  ) {
    graph.nodes.append(
      NodeProto(
        operation, domain: domain, inputs: inputs, outputs: outputs, name: "\(operation)\(graph.nodes.count + 1)",
        attributes: attributes))
  }

  /// `name`, or it with a suffix and a number where it is taken (or empty, which means "not given").
  private mutating func claim(_ name: String, or suffix: String) -> String {
    var candidate = name.isEmpty ? suffix : name
    var number = 1
    while !names.insert(candidate).inserted {
      number += 1
      candidate = number == 2 ? name + suffix : "\(name)\(suffix)\(number - 1)"
    }
    return candidate
  }
}
