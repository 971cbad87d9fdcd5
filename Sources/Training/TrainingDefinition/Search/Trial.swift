/// One training of a search: a combination of values, judged on one fold.
package struct Trial: Sendable, Hashable, Codable {
  /// From 0, over all combinations and folds.
  package var index: Int
  /// Which fold is held out, from 0; nil where there is one split only.
  package var fold: Int?
  /// The combination: the searched hyperparameters alone, by name.
  package var parameters: [Hyperparameter]

  package init(index: Int, fold: Int? = nil, parameters: [Hyperparameter]) {
    self.index = index
    self.fold = fold
    self.parameters = parameters
  }
}
