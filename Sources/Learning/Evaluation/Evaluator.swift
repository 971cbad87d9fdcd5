/// Runs a network over whole data sets without training it.
package final class Evaluator {
  /// What the predictions for a data set add up to.
  package struct Tally: Equatable, Sendable {
    /// Mean of −log p(label), in nats; 0 without rows.
    package var loss: Double
    /// Truth by row, prediction by column.
    package var confusion: [[Int]]
    /// Number of rows.
    package var count: Int

    /// Share of rows predicted right; 0 without rows.
    package var accuracy: Double {
      count == 0 ? 0 : Double(confusion.indices.reduce(0) { $0 + confusion[$1][$1] }) / Double(count)
    }
  }

  private let workspace: Workspace
  private static let blockRows = 1024

  package init(network: Network, blas: Blas) {
    workspace = Workspace(network: network, maximumRows: Self.blockRows, training: false, blas: blas)
  }

  /// Scores `examples`.
  package func evaluate(_ examples: Examples, parameters: UnsafePointer<Float>) -> Tally {
    let classes = workspace.network.outputWidth
    var confusion = Array(repeating: [Int](repeating: 0, count: classes), count: classes)
    var loss = 0.0
    forEachBlock(examples, parameters: parameters) { first, rows in
      for row in 0..<rows { workspace.labels[row] = examples.labels[first + row] }
      loss += workspace.score(rows: rows).loss
      for row in 0..<rows {
        let predicted = Kernels.argmax(workspace.output + row * classes, count: classes)
        confusion[Int(workspace.labels[row])][predicted] += 1
      }
    }
    return Tally(
      loss: examples.count == 0 ? 0 : loss / Double(examples.count), confusion: confusion, count: examples.count)
  }

  /// The probabilities of every row of `examples` [count×classes]; its labels are not looked at.
  package func probabilities(_ examples: Examples, parameters: UnsafePointer<Float>) -> [Float] {
    let classes = workspace.network.outputWidth
    var result: [Float] = []
    result.reserveCapacity(examples.count * classes)
    forEachBlock(examples, parameters: parameters) { _, rows in
      result.append(contentsOf: UnsafeBufferPointer(start: workspace.output, count: rows * classes))
    }
    return result
  }

  private func forEachBlock(_ examples: Examples, parameters: UnsafePointer<Float>, _ body: (Int, Int) -> Void) {
    var first = 0
    while first < examples.count {
      let rows = min(Self.blockRows, examples.count - first)
      examples.copyRows(from: first, count: rows, into: workspace.input.base)
      workspace.forward(rows: rows, parameters: parameters, mode: .inference)
      body(first, rows)
      first += rows
    }
  }
}
