/// A network with its parameters as a classifier. While it trains, the parameters are the session's own, as they are now.
package final class NetworkClassifier: Classifier {
  private let workspace: Workspace
  private let parameters: FloatBuffer
  package let maximumRows = 1024

  package init(network: Network, parameters: FloatBuffer, blas: Blas) {
    workspace = Workspace(network: network, maximumRows: maximumRows, training: false, blas: blas)
    self.parameters = parameters
  }

  package var inputWidth: Int { workspace.network.inputWidth }
  package var classCount: Int { workspace.network.outputWidth }

  package func probabilities(_ examples: Examples, from first: Int, count: Int) -> UnsafePointer<Float> {
    examples.copyRows(from: first, count: count, into: workspace.input.base)
    workspace.forward(rows: count, parameters: parameters.base, mode: .inference)
    return UnsafePointer(workspace.output)
  }
}
