/// A forest as a classifier: the mean of the class distributions of the leaves that a row falls into, as scikit-learn
/// has it.
package final class ForestClassifier: Classifier {
  package let inputWidth: Int
  package let classCount: Int
  package let maximumRows = 1024

  private let walker: ForestWalker
  private let trees: Int
  private let pool: ThreadPool
  private let rows: FloatBuffer
  private let sums: FloatBuffer

  /// Rows that one thread takes at a time: they and a tree fit the second cache level together.
  static let block = 64

  package init(_ forest: [DecisionTree], inputWidth: Int, classes: Int, pool: ThreadPool = .shared) {
    self.inputWidth = inputWidth
    classCount = classes
    walker = ForestWalker(forest, classes: classes)
    trees = forest.count
    self.pool = pool
    rows = FloatBuffer(count: maximumRows * inputWidth)
    sums = FloatBuffer(count: maximumRows * classes)
  }

  package func probabilities(_ examples: Examples, from first: Int, count: Int) -> UnsafePointer<Float> {
    pool.run((count + Self.block - 1) / Self.block) { part in
      let start = part * Self.block
      let size = min(Self.block, count - start)
      let block = rows.base + start * inputWidth
      let target = sums.base + start * classCount
      examples.copyRows(from: first + start, count: size, into: block)
      target.update(repeating: 0, count: size * classCount)
      walker.add(block, count: size, width: inputWidth, into: target)
      let scale = 1 / Float(max(trees, 1))
      for index in 0..<(size * classCount) { target[index] *= scale }
    }
    return UnsafePointer(sums.base)
  }
}
