/// A data set ready to train on: split, encoded, scaled, with what is needed to treat new rows the same way.
package struct Dataset {
  package let train: Examples
  /// Held-out rows; none when the test fraction is 0.
  package let test: Examples
  package let preprocessing: Preprocessing
  /// What its owner should know; travels with the model.
  package let warnings: [DatasetWarning]

  package init(train: Examples, test: Examples, preprocessing: Preprocessing, warnings: [DatasetWarning] = []) {
    self.train = train
    self.test = test
    self.preprocessing = preprocessing
    self.warnings = warnings
  }

  /// Number of classes.
  package var classCount: Int { preprocessing.classes.count }

  /// Checks that there is something to learn: training rows, at least two classes among them, and every class that is
  /// tested.
  /// - Throws: `emptyDataset`, `singleClass`, `unseenClass`.
  func validated() throws(LearningError) -> Dataset {
    guard let first = train.labels.first else { throw .emptyDataset(detail: "the training split is empty") }
    guard train.labels.contains(where: { $0 != first }) else {
      let name = preprocessing.classes[Int(first)]
      let detail = preprocessing.classes.count == 1 ? "the data set has" : "the training split has"
      throw .singleClass(label: name, detail: detail)
    }
    var isTrained = [Bool](repeating: false, count: classCount)
    for label in train.labels { isTrained[Int(label)] = true }
    if let unseen = test.labels.first(where: { !isTrained[Int($0)] }) {
      throw .unseenClass(
        label: preprocessing.classes[Int(unseen)], rows: test.labels.count { $0 == unseen })
    }
    return self
  }
}
