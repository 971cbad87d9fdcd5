/// One training of a search: a combination of values, judged on one fold.
package struct SearchTrial: Codable, Sendable, Equatable {
  /// From 0, over all combinations and folds.
  package let number: Int
  /// Which combination, from 0.
  package let candidate: Int
  /// Which fold is held out, from 0; nil where there is one split only.
  package let fold: Int?
  /// The combination: the searched hyperparameters alone, as text.
  package let parameters: [String: String]
}

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
  /// Number of combinations.
  package let candidateCount: Int

  /// Each trial is a training and, in a cluster, a task.
  package static let maximumTrials = 10_000

  /// - Throws: `unknownAlgorithm`, `unknownHyperparameter`, `invalidHyperparameter`, and `invalidRequest` for bounds and
  ///   for more than `maximumTrials` trials.
  package init(training: TrainingRequest, search: SearchRequest) throws(LearningError) {
    let (algorithm, _) = try training.validated()
    self.training = training
    self.search = try search.normalised(for: algorithm)
    var candidates = 1
    var overflows = false
    for parameter in search.parameters {
      let (product, overflow) = candidates.multipliedReportingOverflow(by: parameter.values.count)
      candidates = product
      overflows = overflows || overflow
    }
    let folds = search.folds ?? 1
    guard !overflows, candidates <= Self.maximumTrials / folds else {
      let sizes = search.parameters.map { "\($0.values.count)" } + (search.folds.map { ["\($0) folds"] } ?? [])
      throw .invalidRequest(
        field: "search", value: sizes.joined(separator: " × "),
        expected: "at most \(Self.maximumTrials) trials; give fewer values or fewer folds")
    }
    candidateCount = candidates
  }

  /// Number of trials: combinations times folds.
  package var trialCount: Int { candidateCount * (search.folds ?? 1) }

  /// All trials in the order of their numbers.
  package var trials: some RandomAccessCollection<SearchTrial> { (0..<trialCount).lazy.map(trial) }

  /// The trial of `number`, which must be below `trialCount`.
  package func trial(_ number: Int) -> SearchTrial {
    precondition((0..<trialCount).contains(number), "no such trial")
    let folds = search.folds ?? 1
    let candidate = number / folds
    return SearchTrial(
      number: number, candidate: candidate, fold: search.folds.map { number % $0 },
      parameters: parameters(ofCandidate: candidate))
  }

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

  /// What a trial, or the last training of the best combination, trains.
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
