import TrainingDefinition

/// The table of a search: every combination with its scores, and the best of them. A pure function of the plan and its
/// trials' outcomes, in whatever order these came in.
package struct SearchResult: Codable, Sendable, Equatable {
  /// A row: one combination over all of its folds.
  package struct Candidate: Codable, Sendable, Equatable {
    /// From 0, in the plan's order.
    package var number: Int
    /// The searched hyperparameters.
    package var parameters: [String: String]
    /// The objective on each fold; empty unless every fold has one: a mean over the folds that went well would favour
    /// combinations that fail on the hard ones.
    package var scores: [Double]
    /// Mean of the scores, nil without any.
    package var mean: Double?
    /// Standard deviation of the scores around their mean (population), nil without any.
    package var deviation: Double?
    /// Seconds that its trials took, all together.
    package var seconds: Double
    /// Why it was left out of the choice: its first trial without a score.
    package var problem: String?
  }

  package let plan: SearchPlan
  /// One a trial, by number.
  package let outcomes: [TrialOutcome]
  /// By number.
  package let candidates: [Candidate]
  /// Number of the best combination: the best mean, and of equal means the lower number. nil where none has a mean.
  package let best: Int?

  /// - Parameter outcomes: of two for one trial, one that is final goes before one that is not, then the first counts;
  ///   numbers the plan does not have are passed over.
  package init(_ plan: SearchPlan, outcomes: [TrialOutcome]) {
    var kept: [Int: TrialOutcome] = [:]
    for outcome in outcomes where (0..<plan.trialCount).contains(outcome.trial) {
      if let earlier = kept[outcome.trial], earlier.isFinal || !outcome.isFinal { continue }
      kept[outcome.trial] = outcome
    }
    self.plan = plan
    self.outcomes = kept.values.sorted { $0.trial < $1.trial }
    candidates = (0..<plan.candidateCount).map { Self.candidate($0, plan, kept) }
    best = Self.ranked(candidates, plan.objective).first { $0.mean != nil }?.number
  }

  /// Whether every trial has a result that stays.
  package var isComplete: Bool { plan.remaining(after: outcomes).isEmpty }

  /// The best combination first, those that were left out last, equals by number.
  package var ranking: [Candidate] { Self.ranked(candidates, plan.objective) }

  /// The best combination.
  /// - Throws: `noTrialSucceeded` where none can be told.
  package func choose() throws(LearningError) -> Candidate {
    guard let best else {
      throw .noTrialSucceeded(
        candidates: plan.candidateCount, detail: candidates.first?.problem ?? "there were no trials")
    }
    return candidates[best]
  }

  private static func ranked(_ candidates: [Candidate], _ objective: SearchObjective) -> [Candidate] {
    candidates.sorted { a, b in
      guard let mean = a.mean, let other = b.mean, mean != other else {
        return (a.mean == nil) == (b.mean == nil) ? a.number < b.number : a.mean != nil
      }
      return objective.prefers(mean, to: other)
    }
  }

  private static func candidate(_ number: Int, _ plan: SearchPlan, _ outcomes: [Int: TrialOutcome]) -> Candidate {
    let folds = plan.search.folds ?? 1
    var row = Candidate(number: number, parameters: plan.parameters(ofCandidate: number), scores: [], seconds: 0)
    for trial in (number * folds)..<((number + 1) * folds) {
      row.seconds += outcomes[trial]?.seconds ?? 0
      if let score = outcomes[trial]?.metrics[plan.objective.metric] {
        row.scores.append(score)
      } else if row.problem == nil {
        row.problem = "trial \(trial) " + problem(outcomes[trial], plan.objective)
      }
    }
    guard row.problem == nil else {
      row.scores = []
      return row
    }
    let count = Double(row.scores.count)
    let mean = row.scores.reduce(0, +) / count
    row.mean = mean
    row.deviation = (row.scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    return row
  }

  private static func problem(_ outcome: TrialOutcome?, _ objective: SearchObjective) -> String {
    guard let outcome else { return "has no result yet" }
    guard let failure = outcome.failure else { return "has no finite \(objective.metric)" }
    return "failed with \(failure.reason): \(failure.message)"
  }
}
