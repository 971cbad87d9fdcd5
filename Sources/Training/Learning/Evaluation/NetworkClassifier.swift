/// A network with its parameters as a classifier. While it trains, the parameters are the session's own, as they are now.
package final class NetworkClassifier: Classifier {
  private let workspace: Workspace
  private let parameters: FloatBuffer
  package let maximumRows: Int

  /// Most floats of one buffer: more rows at once gain nothing.
  private static let mostFloats = 1 << 24

  package init(network: Network, parameters: FloatBuffer) {
    let widest = network.layers.reduce(network.inputWidth) { max($0, $1.outputWidth) }
    maximumRows = max(1, min(1024, Self.mostFloats / max(1, widest)))
    workspace = Workspace(network: network, maximumRows: maximumRows, training: false)
    self.parameters = parameters
  }

  package var inputWidth: Int { workspace.network.inputWidth }
  package var classCount: Int { workspace.network.outputWidth }

  package func probabilities(_ examples: Examples, from first: Int, count: Int) -> UnsafePointer<Float> {
    workspace.forward(rows: count, parameters: parameters.base, mode: .inference) { row, rows in
      examples.copyRows(
        from: first + row, count: rows, into: workspace.input.base + row * workspace.network.inputWidth)
    }
    return UnsafePointer(workspace.output)
  }
}
