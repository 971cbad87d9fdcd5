import ONNX
import Testing

/// What every graph must keep to.
enum GraphCheck {
  /// Values have one name each, are made before they are used, and nothing is made for nobody but what a loop hands over.
  /// - Parameter outer: values around the graph.
  /// - Returns: the values around the graph that it uses.
  @discardableResult static func check(
    _ graph: GraphProto, outer: Set<String> = [], _ location: SourceLocation = #_sourceLocation
  ) throws -> Set<String> {
    var own: Set<String> = []
    func claim(_ name: String) {
      #expect(own.insert(name).inserted && !outer.contains(name), "\(name) is there twice", sourceLocation: location)
    }
    for name in graph.inputs.map(\.name) + graph.initialisers.map(\.name) { claim(name) }
    var used = Set(graph.outputs.map(\.name))
    for node in graph.nodes {
      for case .graph(let body) in node.attributes.map(\.value) {
        used.formUnion(try check(body, outer: outer.union(own), location))
      }
      for input in node.inputs where !input.isEmpty {
        #expect(
          own.contains(input) || outer.contains(input), "\(node.name) uses \(input) too early",
          sourceLocation: location)
        used.insert(input)
      }
      for output in node.outputs where !output.isEmpty { claim(output) }
    }
    let handedOver = outer.isEmpty ? [] : Set(graph.inputs.map(\.name))
    // A loop gives all its states; only the first may be wanted.
    let loops = Set(graph.nodes.filter { $0.operation == "Loop" }.flatMap(\.outputs))
    #expect(used.isSubset(of: own.union(outer)), "missing: \(used.subtracting(own))", sourceLocation: location)
    let unused = own.subtracting(used).subtracting(handedOver).subtracting(loops)
    #expect(unused.isEmpty, "made for nobody: \(unused)", sourceLocation: location)
    return used.intersection(outer)
  }
}
