/// A data set ready to train on: split, encoded, scaled, with what is needed to treat new rows the same way.
package struct Dataset {
  package let train: Examples
  /// Held-out rows; none when the test fraction is 0.
  package let test: Examples
  package let preprocessing: Preprocessing

  package init(train: Examples, test: Examples, preprocessing: Preprocessing) {
    self.train = train
    self.test = test
    self.preprocessing = preprocessing
  }

  /// Number of classes.
  package var classCount: Int { preprocessing.classes.count }

  /// Checks that there is something to learn: training rows, and at least two classes among them.
  /// - Throws: `emptyDataset`, `singleClass`.
  func validated() throws(LearningError) -> Dataset {
    guard let first = train.labels.first else { throw .emptyDataset(detail: "the training split is empty") }
    guard train.labels.contains(where: { $0 != first }) else {
      let name = preprocessing.classes[Int(first)]
      let detail = preprocessing.classes.count == 1 ? "the data set has" : "the training split has"
      throw .singleClass(label: name, detail: detail)
    }
    return self
  }
}
