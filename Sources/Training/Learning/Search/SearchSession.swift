import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A whole search as one training: its trials in the order of their numbers, then the best combination on all training
/// rows. Whoever can train can search: a step is a step of the trial under way, and a checkpoint holds the outcomes so far
/// and that trial's own checkpoint.
package final class SearchSession: TrainingSession {
  private let search: LocalSearch
  private var outcomes: [TrialOutcome] = []
  private var trial: (number: Int, session: any TrainingSession, start: ContinuousClock.Instant)?
  private var last: (any TrainingSession)?
  private var steps = 0

  package init(_ search: LocalSearch) { self.search = search }

  private var plan: SearchPlan { search.plan }

  /// Of the last training; trials have none that anybody could compare.
  package var history: [EpochRecord] { last?.history ?? [] }
  package var isFinished: Bool { last?.isFinished ?? false }

  package var progress: TrainingProgress {
    let current = (last ?? trial?.session)?.progress
    let done = Double(last == nil ? outcomes.count : plan.trialCount) + (current?.fraction ?? 0)
    let total = Double(plan.trialCount + 1)
    return TrainingProgress(
      epoch: last?.progress.epoch ?? 0, epochs: last?.progress.epochs ?? plan.training.epochs,
      step: current?.step ?? 0, stepsPerEpoch: current?.stepsPerEpoch ?? 1, totalSteps: steps, loss: current?.loss,
      accuracy: current?.accuracy, testLoss: last?.progress.testLoss, testAccuracy: last?.progress.testAccuracy,
      fraction: isFinished ? 1 : min(done / total, 0.999))
  }

  package func step() throws(LearningError) {
    guard !isFinished else { return }
    steps += 1
    if let last { return try last.step() }
    if let trial {
      try step(trial.number, trial.session, trial.start)
    } else if let next = plan.remaining(after: outcomes).first {
      try settle(next, since: .now) { () throws(LearningError) in
        trial = (next, try search.session(plan.trial(next)), .now)
      }
    } else {
      last = try search.refit(SearchResult(plan, outcomes: outcomes))
    }
  }

  private func step(
    _ number: Int, _ session: any TrainingSession, _ start: ContinuousClock.Instant
  ) throws(LearningError) {
    try settle(number, since: start) { () throws(LearningError) in
      try session.step()
      guard session.isFinished else { return }
      let metrics = try session.finish().metrics
      outcomes.append(TrialOutcome(trial: number, metrics: metrics, seconds: (.now - start) / .seconds(1)))
      trial = nil
    }
  }

  /// A trial's error is its outcome, unless it may pass: then all are better tried again later.
  private func settle(
    _ number: Int, since start: ContinuousClock.Instant, _ work: () throws(LearningError) -> Void
  ) throws(LearningError) {
    do throws(LearningError) { try work() } catch {
      guard !error.retryable else { throw error }
      let failure = TrialOutcome.Failure(reason: error.reason, message: error.message, retryable: false)
      outcomes.append(TrialOutcome(trial: number, failure: failure, seconds: (.now - start) / .seconds(1)))
      trial = nil
    }
  }

  // MARK: Checkpoints

  private struct State: Codable {
    var plan: SearchPlan
    var outcomes: [TrialOutcome]
    /// The trial under way; nil between two, and in the last training.
    var trial: Int?
    /// The checkpoint of the trial under way or of the last training.
    var inner: Data?
    var steps: Int
  }

  package func checkpoint() throws(LearningError) -> Data {
    let state = State(
      plan: plan, outcomes: outcomes, trial: trial?.number,
      inner: try (last ?? trial?.session)?.checkpoint(), steps: steps)
    do { return try JSONEncoder().encode(state) } catch {
      throw .badCheckpoint(detail: "it cannot be written: \(error)")
    }
  }

  package func restore(_ data: Data) throws(LearningError) {
    guard let state = try? JSONDecoder().decode(State.self, from: data) else {
      throw .badCheckpoint(detail: "it is not that of a search")
    }
    guard state.plan == plan else { throw .badCheckpoint(detail: "it belongs to another search") }
    var restored: (any TrainingSession)?
    if let number = state.trial {
      guard (0..<plan.trialCount).contains(number) else { throw .badCheckpoint(detail: "it has an impossible trial") }
      restored = try search.session(plan.trial(number))
    } else if state.inner != nil {
      restored = try search.refit(SearchResult(plan, outcomes: state.outcomes))
    }
    if let inner = state.inner { try restored?.restore(inner) }
    outcomes = state.outcomes
    steps = state.steps
    trial = nil
    last = nil
    if let restored, let number = state.trial { trial = (number, restored, .now) } else { last = restored }
  }

  /// The best combination's model, with the search's table. Only once all trials are over.
  package func finish() throws(LearningError) -> TrainedModel {
    guard let last else {
      throw .noTrialSucceeded(candidates: plan.candidateCount, detail: "the search is not over")
    }
    var model = try last.finish()
    let table = SearchResult(plan, outcomes: outcomes).ranking
    model.description.search = Array(table.prefix(Self.tableRows))
    return model
  }

  /// The best combinations that a model remembers.
  private static let tableRows = 100
}

extension Trainer {
  /// Checks the search, loads its data, and prepares the first trial.
  /// - Throws: as `load`, and what is wrong with the search.
  package static func load(
    _ request: TrainingRequest, search: SearchRequest, dataRoot: URL
  ) throws(LearningError) -> any TrainingSession {
    let plan = try SearchPlan(checking: request, search)
    return SearchSession(try LocalSearch(plan, try SearchData(request.dataset, dataRoot: dataRoot)))
  }
}

extension SearchPlan {
  /// As the plain initialiser, with the trainer's own kind of error.
  package init(checking training: TrainingRequest, _ search: SearchRequest) throws(LearningError) {
    self = try LearningError.asking { () throws(TrainingProblem) in try SearchPlan(training: training, search: search) }
  }
}
