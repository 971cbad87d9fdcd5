import TrainingDefinition

/// How a search divides the training rows: into folds, or once.
package struct SearchSplits: Sendable {
  private enum Way {
    case folds(StratifiedFolds)
    case once(TrainTestSplit)
  }

  private let way: Way

  /// Share of the training rows held out where there are no folds.
  static let heldOut = 0.2

  /// - Throws: `invalidRequest` where a class is too small for the folds or the objective has no meaning for so many
  ///   classes, `emptyDataset` where no row would be left to judge by.
  package init(_ plan: SearchPlan, _ data: SearchData) throws(LearningError) {
    guard plan.objective != .rocAUC || data.classes.count == 2 else {
      throw .invalidRequest(
        field: "search.objective", value: plan.objective.rawValue,
        expected: "another one: it is for two classes, and the data has \(data.classes.count)")
    }
    let seed = plan.training.dataset.splitSeed
    if let folds = plan.search.folds {
      way = .folds(try StratifiedFolds(labels: data.labels, classes: data.classes, count: folds, seed: seed))
    } else {
      let split = TrainTestSplit.stratified(labels: data.labels, testFraction: Self.heldOut, seed: seed)
      guard !split.test.isEmpty else {
        throw .emptyDataset(detail: "\(data.labels.count) rows are too few to hold some out for the search")
      }
      way = .once(split)
    }
  }

  /// The rows of a trial.
  package func split(_ trial: Trial) -> TrainTestSplit {
    switch way {
    case .folds(let folds): folds.split(holdingOut: trial.fold ?? 0)
    case .once(let split): split
    }
  }
}
