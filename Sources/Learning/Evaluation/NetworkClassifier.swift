/// A network with its parameters as a classifier. While it trains, the parameters are the session's own, as they are now.
package final class NetworkClassifier: Classifier {
  private let workspace: Workspace
  private let parameters: FloatBuffer
  package let maximumRows = 1024

  package init(network: Network, parameters: FloatBuffer) {
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
