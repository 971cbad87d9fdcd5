/// A support vector machine as a classifier.
///
/// Calibrated machines answer with libsvm's probabilities: a sigmoid for each pair, coupled. Others answer with scores
/// that order the classes but are not calibrated; see `VoteScores`.
package final class SupportVectorClassifier: Classifier {
  package let maximumRows: Int
  package let machine: SupportVectorMachine

  private let blas: Blas
  private let pool: ThreadPool
  private let blocks: [Block]
  private let blockRows: Int
  private let output: FloatBuffer

  /// What a thread computes with.
  private struct Block {
    let values: DecisionValues
    let decisions: FloatBuffer
    let coupling: PairwiseCoupling
  }

  private static let blockCount = 8

  package init(_ machine: SupportVectorMachine, blas: Blas, pool: ThreadPool = .shared) {
    self.machine = machine
    self.blas = blas
    self.pool = pool
    let packed = PackedVectors(machine)
    let rows = DecisionValues.blockRows(classes: machine.classCount)
    blockRows = rows
    maximumRows = rows * Self.blockCount
    blocks = (0..<Self.blockCount).map { _ in
      Block(
        values: DecisionValues(machine, packed, blas: blas), decisions: FloatBuffer(count: rows * machine.rho.count),
        coupling: PairwiseCoupling(classes: machine.classCount))
    }
    output = FloatBuffer(count: maximumRows * machine.classCount)
  }

  package var inputWidth: Int { machine.width }
  package var classCount: Int { machine.classCount }

  package func probabilities(_ examples: Examples, from first: Int, count: Int) -> UnsafePointer<Float> {
    forEachBlock(examples, from: first, count: count) { block, start, rows in
      var result = [Double](repeating: 0, count: classCount)
      for index in 0..<rows {
        probabilities(of: block.decisions.base + index * machine.rho.count, block.coupling, into: &result)
        let target = output.base + (start + index) * classCount
        for label in 0..<classCount { target[label] = Float(result[label]) }
      }
    }
    return UnsafePointer(output.base)
  }

  /// The decision values of `count` rows, [count × pairs], pairs in the order of `ClassPair.all`; above 0 is for the
  /// first class of the pair.
  package func decisions(_ examples: Examples, from first: Int, count: Int) -> [Float] {
    let pairs = machine.rho.count
    let result = FloatBuffer(count: count * pairs)
    var done = 0
    while done < count {
      let size = min(maximumRows, count - done)
      forEachBlock(examples, from: first + done, count: size) { block, start, rows in
        (result.base + (done + start) * pairs).update(from: block.decisions.base, count: rows * pairs)
      }
      done += size
    }
    return result.array
  }

  /// Computes decision values block by block, in parallel, and hands each block over with its first row and row count.
  private func forEachBlock(
    _ examples: Examples, from first: Int, count: Int, _ body: (Block, Int, Int) -> Void
  ) {
    let size = blockRows
    blas.alone {
      pool.run((count + size - 1) / size) { part in
        let block = blocks[part]
        let start = part * size
        let rows = min(size, count - start)
        block.values.evaluate(examples, from: first + start, count: rows, into: block.decisions.base)
        body(block, start, rows)
      }
    }
  }

  private func probabilities(
    of decisions: UnsafePointer<Float>, _ coupling: PairwiseCoupling, into result: inout [Double]
  ) {
    if let scaling = machine.scaling {
      coupling.couple(scaling.indices.map { scaling[$0].probability(Double(decisions[$0])) }, into: &result)
    } else {
      VoteScores.scores(decisions, classes: classCount, into: &result)
    }
  }
}
