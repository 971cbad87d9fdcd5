/// Runs a classifier over whole data sets.
package struct Evaluator {
  /// What the predictions for a data set add up to.
  package struct Tally: Equatable, Sendable {
    /// Mean of −log p(label), in nats; 0 without rows.
    package var loss: Double
    /// Truth by row, prediction by column.
    package var confusion: [[Int]]
    /// Number of rows.
    package var count: Int
    /// The area under the ROC curve; nil where it was not asked for or does not exist.
    package var rocAUC: Double?

    package init(loss: Double, confusion: [[Int]], count: Int, rocAUC: Double? = nil) {
      self.loss = loss
      self.confusion = confusion
      self.count = count
      self.rocAUC = rocAUC
    }

    /// Share of rows predicted right; 0 without rows.
    package var accuracy: Double {
      count == 0 ? 0 : Double(confusion.indices.reduce(0) { $0 + confusion[$1][$1] }) / Double(count)
    }
  }

  private let classifier: any Classifier

  package init(_ classifier: any Classifier) { self.classifier = classifier }

  /// Scores `examples`.
  /// - Parameter ranking: whether to sort the rows by probability for the ROC curve, where there are two classes.
  package func evaluate(_ examples: Examples, ranking: Bool = false) -> Tally {
    let classes = classifier.classCount
    var confusion = Array(repeating: [Int](repeating: 0, count: classes), count: classes)
    var loss = 0.0
    let isRanked = ranking && classes == 2
    var scores: [Float] = []
    forEachBlock(examples) { first, rows, probabilities in
      examples.labels.withUnsafeBufferPointer { labels in
        guard let labels = labels.baseAddress else { return }
        loss += Kernels.score(probabilities, labels: labels + first, rows: rows, classes: classes).loss
      }
      for row in 0..<rows {
        let predicted = Kernels.argmax(probabilities + row * classes, count: classes)
        confusion[Int(examples.labels[first + row])][predicted] += 1
        if isRanked { scores.append(probabilities[row * classes + 1]) }
      }
    }
    return Tally(
      loss: examples.count == 0 ? 0 : loss / Double(examples.count), confusion: confusion, count: examples.count,
      rocAUC: isRanked ? RankingScore.areaUnderROC(scores: scores, labels: examples.labels) : nil)
  }

  /// The probabilities of every row of `examples` [count×classes]; its labels are not looked at.
  package func probabilities(_ examples: Examples) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(examples.count * classifier.classCount)
    forEachBlock(examples) { _, rows, probabilities in
      result.append(contentsOf: UnsafeBufferPointer(start: probabilities, count: rows * classifier.classCount))
    }
    return result
  }

  private func forEachBlock(_ examples: Examples, _ body: (Int, Int, UnsafePointer<Float>) -> Void) {
    var first = 0
    while first < examples.count {
      let rows = min(classifier.maximumRows, examples.count - first)
      body(first, rows, classifier.probabilities(examples, from: first, count: rows))
      first += rows
    }
  }
}
