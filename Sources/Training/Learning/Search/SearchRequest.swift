/// What to search: the `search` part of a job's spec.
package struct SearchRequest: Codable, Sendable, Equatable {
  /// A hyperparameter and the values to try, as a user writes them.
  package struct Parameter: Codable, Sendable, Equatable {
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
  package var objective: SearchObjective

  package init(parameters: [Parameter], folds: Int? = nil, objective: SearchObjective = .accuracy) {
    self.parameters = parameters
    self.folds = folds
    self.objective = objective
  }

  // The bounds of a job's spec, so that both ways in refuse the same searches.
  package static let parameterCounts = 1...16
  package static let valueCounts = 1...256
  package static let foldCounts = 2...20

  /// Checks everything but what the data decides, and brings the parameters into the order of their names: what a
  /// search finds must not hang on how its request was written down.
  /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `invalidRequest`.
  func normalised(for algorithm: Algorithm) throws(LearningError) -> SearchRequest {
    guard Self.parameterCounts.contains(parameters.count) else {
      throw .invalidRequest(
        field: "search.parameters", value: "\(parameters.count) hyperparameters",
        expected: "from \(Self.parameterCounts.lowerBound) to \(Self.parameterCounts.upperBound) of them")
    }
    if let folds, !Self.foldCounts.contains(folds) {
      throw .invalidRequest(
        field: "search.folds", value: "\(folds)",
        expected: "from \(Self.foldCounts.lowerBound) to \(Self.foldCounts.upperBound)")
    }
    var copy = self
    copy.parameters.sort { $0.name < $1.name }
    var last: String?
    for parameter in copy.parameters {
      guard parameter.name != last else {
        throw .invalidRequest(
          field: "search.parameters", value: parameter.name, expected: "named once, with all of its values")
      }
      last = parameter.name
      try check(parameter, algorithm)
    }
    return copy
  }

  private func check(_ parameter: Parameter, _ algorithm: Algorithm) throws(LearningError) {
    let specs = algorithm.hyperparameters
    guard let spec = specs.first(where: { $0.name == parameter.name }) else {
      throw .unknownHyperparameter(name: parameter.name, algorithm: algorithm.rawValue, known: specs.map(\.name))
    }
    let field = "search.parameters.\(parameter.name).values"
    guard Self.valueCounts.contains(parameter.values.count) else {
      throw .invalidRequest(
        field: field, value: "\(parameter.values.count) values",
        expected: "from \(Self.valueCounts.lowerBound) to \(Self.valueCounts.upperBound) of them")
    }
    var seen: [HyperparameterValue] = []
    for text in parameter.values {
      let value = try spec.parse(text)
      // "0.1" and "1e-1" are one value: every trial of the second would only repeat the first's.
      guard !seen.contains(value) else {
        throw .invalidRequest(field: field, value: text, expected: "different from the other values")
      }
      seen.append(value)
    }
  }
}
