import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct LocalSearchTests {
  private let request = DatasetRequest(uri: Fixtures.iris, targetColumn: "Species", dropColumns: ["Id"])

  private func search(
    _ algorithm: String, _ parameters: [String: [String]], fixed: [String: String] = [:], folds: Int? = 3,
    objective: SearchObjective = .accuracy
  ) throws -> LocalSearch {
    let plan = try SearchPlan(
      training: TrainingRequest(
        algorithm: algorithm, hyperparameters: fixed, dataset: request, epochs: 2, batchSize: 16),
      search: SearchRequest(
        parameters: parameters.map { .init(name: $0.key, values: $0.value) }, folds: folds, objective: objective))
    return try LocalSearch(plan, try SearchData(request, dataRoot: Fixtures.packageRoot))
  }

  private func withoutTimes(_ outcomes: [TrialOutcome]) -> [TrialOutcome] {
    outcomes.map { outcome in
      var copy = outcome
      copy.seconds = 0
      copy.metrics["training_time"] = nil
      return copy
    }
  }

  /// Whether two runs of a search agree; losses up to what OpenBLAS's number of threads does to its sums.
  private func isSame(_ a: [TrialOutcome], _ b: [TrialOutcome]) -> Bool {
    a.map(\.trial) == b.map(\.trial)
      && zip(withoutTimes(a), withoutTimes(b)).allSatisfy { one, other in
        one.failure == other.failure && one.metrics.count == other.metrics.count
          && one.metrics.allSatisfy { name, value in abs(value - (other.metrics[name] ?? .infinity)) < 1e-5 }
      }
  }

  @Test func theBestCombinationIsFoundAndTrainedOnAllTrainingRows() throws {
    let search = try search("LogisticRegression", ["C": ["0.0001", "1"], "max_iter": ["1", "60"]])
    let result = search.run()
    #expect(result.isComplete)
    #expect(result.outcomes.map(\.trial) == Array(0..<12))
    #expect(try result.choose().parameters == ["C": "1", "max_iter": "60"])
    #expect(try #require(result.choose().mean) > 0.9)
    let session = try search.refit(result)
    while !session.isFinished { try session.step() }
    let model = try session.finish()
    #expect(model.description.hyperparameters["C"] == "1")
    #expect(model.description.report.classification.confusion.joined().reduce(0, +) == 30)
    #expect(try #require(model.metrics["test_accuracy"]) >= 0.9)
    // The same as training with these hyperparameters in the first place.
    let plain = try Trainer.load(
      search.plan.request(["C": "1", "max_iter": "60"]), dataRoot: Fixtures.packageRoot)
    while !plain.isFinished { try plain.step() }
    #expect(try plain.finish().tensors == model.tensors)
  }

  @Test(arguments: [nil, 2]) func trialsAtOnceChangeNothing(folds: Int?) throws {
    let search = try search("MLP", ["dropout": ["0", "0.3"], "learning_rate": ["0.01", "0.001"]], folds: folds)
    let one = search.run(atOnce: 1)
    let many = search.run(atOnce: 4)
    #expect(one.outcomes.count == search.plan.trialCount)
    #expect(isSame(one.outcomes, many.outcomes))
    #expect(one.best == many.best)
  }

  @Test func aSessionOfATrialEndsAsTheRunnerDoes() throws {
    let search = try search("DNN", ["learning_rate": ["0.01", "0.001"]], folds: 2)
    let result = search.run()
    for trial in search.plan.trials {
      let session = try search.session(trial)
      while !session.isFinished { try session.step() }
      let outcome = TrialOutcome(trial: trial.index, metrics: try session.finish().metrics, seconds: 0)
      #expect(withoutTimes([outcome]) == withoutTimes([result.outcomes[trial.index]]))
    }
  }

  @Test func aFailedTrialDoesNotEndTheSearch() throws {
    let search = try search(
      "DNN", ["learning_rate": ["1e30", "0.01"]], fixed: ["optimizer": "sgd"], folds: 2, objective: .loss)
    let result = search.run(atOnce: 2)
    #expect(result.isComplete)
    #expect(result.candidates[0].problem?.contains("LossDiverged") == true)
    #expect(result.best == 1)
  }

  @Test func cancelledSearchesGoOnWhereTheyStopped() throws {
    let search = try search("LogisticRegression", ["C": ["0.1", "1", "10"]], fixed: ["max_iter": "5"])
    let whole = search.run()
    for lanes in [1, 2] {
      var told: [Int] = []
      let part = search.run(
        atOnce: lanes,
        progress: { outcome, count in
          told.append(outcome.trial)
          #expect(count == told.count)
        }, isCancelled: { told.count >= 4 })
      #expect(!part.isComplete)
      #expect(part.outcomes.map(\.trial) == told.sorted())
      #expect((4...5).contains(told.count))
      var again: [Int] = []
      let rest = search.run(
        atOnce: lanes, known: part.outcomes, progress: { outcome, _ in again.append(outcome.trial) })
      #expect(Set(again).isDisjoint(with: told))
      #expect(rest.isComplete)
      #expect(isSame(rest.outcomes, whole.outcomes))
      // The outcomes of the first run are taken as they are.
      #expect(part.outcomes.allSatisfy { rest.outcomes[$0.trial] == $0 })
    }
  }

  @Test func aSearchCancelledBeforeItsFirstStepHasNoOutcome() throws {
    let search = try search("DNN", ["learning_rate": ["0.01"]], folds: nil)
    let result = search.run(isCancelled: { true })
    #expect(result.outcomes.isEmpty)
    #expect(result.candidates[0].problem == "trial 0 has no result yet")
  }

  /// Means and deviations of scikit-learn 1.9's GridSearchCV over a pipeline of StandardScaler and
  /// LogisticRegression(tol=1e-8), on the same five folds of all 150 rows: the minimum is unique, and a fold's scale
  /// that knew the rows held out would miss it.
  @Test(
    arguments: [
      (.loss, [0.67022636, 0.15312475, 0.08160875], [0.00764939, 0.02593911, 0.04930759]),
      (.accuracy, [0.86, 0.95333333, 0.97333333], [0.03887301, 0.02666667, 0.02494438]),
      (.f1, [0.8563649, 0.95321637, 0.97316524], [0.04027137, 0.0267335, 0.02516957]),
    ] as [(SearchObjective, [Double], [Double])])
  func scoresAreThoseOfScikitLearn(objective: SearchObjective, means: [Double], deviations: [Double]) throws {
    var all = request
    all.testFraction = 0.0
    let plan = try SearchPlan(
      training: TrainingRequest(
        algorithm: "LogisticRegression", hyperparameters: ["tol": "1e-6"], dataset: all),
      search: SearchRequest(
        parameters: [.init(name: "C", values: ["0.01", "1", "100"])], folds: 5, objective: objective))
    let result = try LocalSearch(plan, try SearchData(all, dataRoot: Fixtures.packageRoot)).run()
    #expect(result.best == 2)
    for (index, row) in result.candidates.enumerated() {
      #expect(abs(try #require(row.mean) - means[index]) < 2e-4)
      #expect(abs(try #require(row.deviation) - deviations[index]) < 2e-4)
    }
  }

  @Test func twoClassesMayBeJudgedByTheirRanking() throws {
    let csv = try String(contentsOfFile: Fixtures.iris, encoding: .utf8).split(separator: "\n")
      .filter { !$0.contains("setosa") }.joined(separator: "\n")
    let result = try Fixtures.withDirectory { directory in
      let file = directory.appending(path: "two.csv")
      try Data(csv.utf8).write(to: file)
      var two = request
      two.uri = file.path
      let plan = try SearchPlan(
        training: TrainingRequest(algorithm: "LogisticRegression", dataset: two),
        search: SearchRequest(
          parameters: [.init(name: "C", values: ["0.01", "1"])], folds: 4, objective: .rocAUC))
      return try LocalSearch(plan, try SearchData(two, dataRoot: directory)).run()
    }
    for row in result.candidates {
      #expect(row.problem == nil)
      #expect((0.9...1).contains(try #require(row.mean)))
    }
    #expect(result.outcomes[0].metrics["roc_auc"] == result.candidates[0].scores[0])
  }
}
