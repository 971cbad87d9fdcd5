import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct SearchResultTests {
  /// Three combinations, two folds each.
  private func plan(_ objective: SearchObjective = .accuracy) throws -> SearchPlan {
    try SearchPlan(
      training: TrainingRequest(algorithm: "LogisticRegression", dataset: DatasetRequest(uri: "x.csv")),
      search: SearchRequest(
        parameters: [.init(name: "C", values: ["1", "2", "3"])], folds: 2, objective: objective))
  }

  private func outcomes(_ scores: [Double?], _ objective: SearchObjective = .accuracy) -> [TrialOutcome] {
    scores.enumerated().map { number, score in
      guard let score else { return failed(number) }
      return TrialOutcome(trial: number, metrics: [objective.metric: score], seconds: 0.5)
    }
  }

  private func failed(_ trial: Int, retryable: Bool = false) -> TrialOutcome {
    TrialOutcome(
      trial: trial, failure: .init(reason: "LossDiverged", message: "not finite", retryable: retryable), seconds: 0.25)
  }

  @Test func theBestMeanWins() throws {
    let result = SearchResult(try plan(), outcomes: outcomes([0.5, 0.75, 0.875, 0.625, 0.5, 0.5]))
    #expect(result.candidates.map(\.mean) == [0.625, 0.75, 0.5])
    #expect(result.candidates.map(\.deviation) == [0.125, 0.125, 0])
    #expect(result.candidates.map(\.seconds) == [1, 1, 1])
    #expect(result.best == 1)
    #expect(try result.choose().parameters == ["C": "2"])
    #expect(result.ranking.map(\.number) == [1, 0, 2])
    #expect(result.isComplete)
  }

  @Test func theLeastLossWins() throws {
    let result = SearchResult(try plan(.loss), outcomes: outcomes([0.5, 0.75, 0.875, 0.625, 0.25, 0.25], .loss))
    #expect(result.ranking.map(\.number) == [2, 0, 1])
  }

  @Test func ofEqualsTheLowerNumberWins() throws {
    for objective in [SearchObjective.accuracy, .loss] {
      let tie = outcomes([0.25, 0.5, 0.5, 0.25, 0.375, 0.375], objective)
      #expect(SearchResult(try plan(objective), outcomes: tie).ranking.map(\.number) == [0, 1, 2])
    }
  }

  @Test func combinationsWithAFailedTrialAreLeftOutAndTold() throws {
    let result = SearchResult(try plan(), outcomes: outcomes([0.5, 0.5, 0.99, nil, 0.25, 0.25]))
    #expect(result.best == 0)
    #expect(result.candidates[1].mean == nil)
    #expect(result.candidates[1].scores == [])
    #expect(result.candidates[1].problem == "trial 3 failed with LossDiverged: not finite")
    #expect(result.candidates[1].seconds == 0.75)
    #expect(result.ranking.map(\.number) == [0, 2, 1])
    #expect(result.isComplete)
  }

  @Test func scoresThatAreMissingOrNotFiniteAreTold() throws {
    var given = outcomes([0.5, 0.5, 0.9, .nan, 0.25, 0.25])
    given.removeFirst()
    let result = SearchResult(try plan(), outcomes: given)
    #expect(result.candidates.map(\.problem) == ["trial 0 has no result yet", "trial 3 has no finite accuracy", nil])
    #expect(result.best == 2)
    #expect(!result.isComplete)
    #expect(result.plan.remaining(after: given) == [0])
  }

  @Test func withoutAnyScoreThereIsNothingToChoose() throws {
    let result = SearchResult(try plan(), outcomes: outcomes([nil, 0.5, nil, 0.5, 0.5, nil]))
    let error = Fixtures.error { () throws(LearningError) in try result.choose() }
    #expect(
      error == .noTrialSucceeded(candidates: 3, detail: "trial 0 failed with LossDiverged: not finite"))
    #expect(result.best == nil)
  }

  @Test func failuresThatMayPassAreTriedAgainAndReplaced() throws {
    let plan = try plan()
    var given = outcomes([0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    given[4] = failed(4, retryable: true)
    #expect(plan.remaining(after: given) == [4])
    #expect(!SearchResult(plan, outcomes: given).isComplete)
    given.append(TrialOutcome(trial: 4, metrics: ["accuracy": 1], seconds: 1))
    // A second answer, and an answer to a question that was not asked.
    given.append(TrialOutcome(trial: 0, metrics: ["accuracy": 0], seconds: 1))
    given.append(TrialOutcome(trial: 6, metrics: ["accuracy": 1], seconds: 1))
    let result = SearchResult(plan, outcomes: given)
    #expect(result.isComplete)
    #expect(result.candidates.map(\.mean) == [0.5, 0.5, 0.75])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func theOrderOfOutcomesDoesNotMatter(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let scores = (0..<6).map { _ in random.below(5) == 0 ? nil : Double(random.uniform()) }
    let given = outcomes(scores)
    let shuffled = random.permutation(6).map { given[Int($0)] }
    #expect(SearchResult(try plan(), outcomes: shuffled) == SearchResult(try plan(), outcomes: given))
  }

  @Test func aTableSurvivesJSON() throws {
    let result = SearchResult(try plan(), outcomes: outcomes([0.5, 0.5, 0.1, nil, 0.25, 1 / 3]))
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(SearchResult.self, from: data) == result)
  }
}
