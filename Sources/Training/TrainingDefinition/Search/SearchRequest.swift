/// What to search: the `search` part of a job's spec. Each combination of values is a trial, and the best becomes the model.
package struct SearchRequest: Sendable, Hashable, Codable {
  /// A hyperparameter and the values to try, as a user writes them.
  package struct Parameter: Sendable, Hashable, Codable {
    package var name: String
    package var values: [String]

    package init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  package var parameters: [Parameter]
  /// Folds of each combination's cross-validation; nil: one split that holds out a fifth of the training rows.
  package var folds: Int?
  /// The most trials at once.
  package var maxParallel: Int?
  /// The name of what decides which is best; nil: ``SearchObjective/accuracy``.
  package var objective: String?

  package init(parameters: [Parameter], folds: Int? = nil, maxParallel: Int? = nil, objective: String? = nil) {
    self.parameters = parameters
    self.folds = folds
    self.maxParallel = maxParallel
    self.objective = objective
  }

  package init(parameters: [Parameter], folds: Int? = nil, objective: SearchObjective) {
    self.init(parameters: parameters, folds: folds, objective: objective.rawValue)
  }
}
