/// A search over a grid as an enumeration of trials: number → combination and fold, with no state and no data, so that
/// whoever hands out trials need only count, and every machine makes the same trial of a number.
///
/// Combinations are counted like digits: names in alphabetical order, values in the order given, the last name turning
/// fastest (scikit-learn's ParameterGrid has the same order). The folds of a combination follow each other.
package struct SearchPlan: Sendable, Equatable {
  /// What all trials share; the searched hyperparameters decide over its own.
  package let training: TrainingRequest
  /// Checked, parameters by name.
  package let search: SearchRequest
  /// What decides which combination is best.
  package let objective: SearchObjective
  /// Number of combinations.
  package let candidateCount: Int

  /// - Throws: the first problem of the training or of the search.
  package init(training: TrainingRequest, search: SearchRequest) throws(TrainingProblem) {
    let (algorithm, _) = try training.validated()
    if let fault = search.faults(for: algorithm).first { throw fault.problem }
    self.training = training
    objective =
      try search.objective.map { name throws(TrainingProblem) in try SearchObjective.named(name) } ?? .accuracy
    candidateCount = search.candidateCount ?? 0
    // What a search finds must not hang on how its request was written down, nor on how many trials run at once.
    var plain = search
    plain.parameters.sort { $0.name < $1.name }
    plain.objective = objective.rawValue
    plain.maxParallel = nil
    self.search = plain
  }

  /// Number of trials: combinations times folds.
  package var trialCount: Int { candidateCount * (search.folds ?? 1) }

  /// All trials in the order of their numbers.
  package var trials: some RandomAccessCollection<Trial> { (0..<trialCount).lazy.map(trial) }

  /// The trial of `number`, which must be below `trialCount`.
  package func trial(_ number: Int) -> Trial {
    precondition((0..<trialCount).contains(number), "no such trial")
    let parameters = parameters(ofCandidate: candidate(ofTrial: number)).sorted { $0.key < $1.key }
    return Trial(
      index: number, fold: search.folds.map { number % $0 },
      parameters: parameters.map { Hyperparameter(name: $0.key, value: $0.value) })
  }

  /// The combination of trial `number`.
  package func candidate(ofTrial number: Int) -> Int { number / (search.folds ?? 1) }

  /// The values of combination `candidate`.
  package func parameters(ofCandidate candidate: Int) -> [String: String] {
    var rest = candidate
    var chosen: [String: String] = [:]
    for parameter in search.parameters.reversed() {
      chosen[parameter.name] = parameter.values[rest % parameter.values.count]
      rest /= parameter.values.count
    }
    return chosen
  }

  /// What a trial trains.
  package func request(_ trial: Trial) -> TrainingRequest {
    request(parameters(ofCandidate: candidate(ofTrial: trial.index)))
  }

  /// What a combination trains, as a trial or in the last training.
  package func request(_ parameters: [String: String]) -> TrainingRequest {
    var request = training
    request.hyperparameters.merge(parameters) { _, searched in searched }
    return request
  }

  /// The trials that still need a result: those without one, and those that failed in a way that may pass.
  package func remaining(after outcomes: [TrialOutcome]) -> [Int] {
    let done = Set(outcomes.lazy.filter(\.isFinal).map(\.trial))
    return (0..<trialCount).filter { !done.contains($0) }
  }
}

extension SearchPlan: Codable {
  private enum CodingKeys: String, CodingKey { case training, search }

  /// What is read is checked as a new plan is.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      training: try container.decode(TrainingRequest.self, forKey: .training),
      search: try container.decode(SearchRequest.self, forKey: .search))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(training, forKey: .training)
    try container.encode(search, forKey: .search)
  }
}
