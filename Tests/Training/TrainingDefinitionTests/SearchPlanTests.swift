import Basics
import Foundation
import Testing

@testable import TrainingDefinition

@Suite struct SearchPlanTests {
  private func problem<Value>(_ body: () throws(TrainingProblem) -> Value) -> TrainingProblem? {
    do throws(TrainingProblem) {
      _ = try body()
      return nil
    } catch { return error }
  }

  private func training(
    _ algorithm: String = "LogisticRegression", _ hyperparameters: [String: String] = [:]
  ) -> TrainingRequest {
    TrainingRequest(algorithm: algorithm, hyperparameters: hyperparameters, dataset: DatasetRequest(uri: "x.csv"))
  }

  private func plan(
    _ parameters: [(String, [String])], folds: Int? = nil, algorithm: String = "LogisticRegression"
  ) throws(TrainingProblem) -> SearchPlan {
    try SearchPlan(
      training: training(algorithm),
      search: SearchRequest(parameters: parameters.map { .init(name: $0.0, values: $0.1) }, folds: folds))
  }

  private func error(_ parameters: [(String, [String])], folds: Int? = nil) -> TrainingProblem? {
    problem { () throws(TrainingProblem) in try plan(parameters, folds: folds) }
  }

  @Test func combinationsAreCountedLikeDigitsAndTheirFoldsFollowEachOther() throws {
    let plan = try plan([("tol", ["1e-4", "1e-3", "1e-2"]), ("C", ["1", "10"])], folds: 2)
    #expect(plan.candidateCount == 6)
    #expect(plan.trialCount == 12)
    let trials = Array(plan.trials)
    #expect(trials.map(\.index) == Array(0..<12))
    #expect(trials.map { plan.candidate(ofTrial: $0.index) } == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    #expect(trials.map(\.fold) == [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    #expect(
      trials.map { $0.parameters[0] }
        == ["1", "10"].flatMap { Array(repeating: Hyperparameter(name: "C", value: $0), count: 6) })
    #expect(try trials[4].parameters.byName() == ["C": "1", "tol": "1e-2"])
  }

  @Test func theOrderOfParametersInTheRequestDoesNotMatter() throws {
    let one = try plan([("tol", ["1e-4", "1e-3"]), ("C", ["1", "10"])], folds: 3)
    #expect(one == (try plan([("C", ["1", "10"]), ("tol", ["1e-4", "1e-3"])], folds: 3)))
  }

  /// Grids of many shapes: every combination occurs exactly once a fold.
  @Test(arguments: 1...30 as ClosedRange<UInt64>) func everyCombinationOccursOnceAFold(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let names = ["C", "max_iter", "random_state", "tol"].prefix(1 + Int.random(in: 0..<4, using: &random))
    let grid = names.map { name in (name, (1...(1 + Int.random(in: 0..<5, using: &random))).map { "\($0)" }) }
    let folds = Int.random(in: 0..<2, using: &random) == 0 ? nil : 2 + Int.random(in: 0..<4, using: &random)
    let plan = try plan(grid, folds: folds)
    #expect(plan.candidateCount == grid.reduce(1) { $0 * $1.1.count })
    var seen: Set<[String]> = []
    for trial in plan.trials {
      #expect(trial == plan.trial(trial.index))
      #expect(trial.fold == folds.map { trial.index % $0 })
      #expect(trial.parameters.map(\.name) == names.sorted())
      seen.insert(trial.parameters.map(\.value) + ["\(trial.fold ?? -1)"])
    }
    #expect(seen.count == plan.trialCount)
  }

  @Test func aTrialDecidesOverTheJobsHyperparameters() throws {
    let plan = try SearchPlan(
      training: training("LogisticRegression", ["C": "5", "max_iter": "7"]),
      search: SearchRequest(parameters: [.init(name: "C", values: ["1", "2"])]))
    #expect(plan.request(plan.trial(1)).hyperparameters == ["C": "2", "max_iter": "7"])
  }

  @Test func namesAndValuesAreCheckedAgainstTheAlgorithm() {
    #expect(
      error([("depth", ["1"])])
        == .unknownHyperparameter(
          name: "depth", algorithm: "LogisticRegression", known: HyperparameterSpec.logistic.map(\.name)))
    #expect(
      error([("C", ["1", "0"])]) == .invalidHyperparameter(name: "C", value: "0", expected: "a number above 0.0"))
    #expect(error([("C", ["1", "one"])])?.reason == "InvalidHyperparameter")
  }

  @Test func boundsNameTheFieldAndTheCure() {
    #expect(error([])?.message == "search.parameters is \"0 hyperparameters\"; it must be from 1 to 16 of them")
    #expect(
      error([("C", [])])?.message == "search.parameters.C.values is \"0 values\"; it must be from 1 to 256 of them")
    #expect(error([("C", ["0.1", "1e-1"])])?.message.contains("different from the other values") == true)
    #expect(error([("C", ["1"]), ("C", ["2"])])?.message.contains("named once") == true)
    for folds in [1, 21, 0, -1] {
      #expect(error([("C", ["1"])], folds: folds)?.message.contains("from 2 to 20") == true)
    }
  }

  @Test func tooManyTrialsAreRefused() throws {
    func values(_ count: Int) -> [String] { (1...count).map { "\($0)" } }
    #expect(try plan([("C", values(100)), ("max_iter", values(50))], folds: 2).trialCount == 10_000)
    let over = error([("C", values(100)), ("max_iter", values(51))], folds: 2)
    #expect(over?.message.contains("100 × 51 × 2 folds") == true)
    #expect(over?.message.contains("at most 10000 trials; give fewer values or fewer folds") == true)
  }

  /// 256 values of each of MLP's numbers: more combinations than an Int can count.
  @Test func gridsBeyondCountingAreRefused() {
    let decimals = (1...256).map { "0.\($0 + 256)" }
    let names = ["beta_1", "beta_2", "dropout", "epsilon", "learning_rate", "momentum"]
    let grid = names.map { ($0, decimals) } + [("random_state", (1...256).map { "\($0)" }), ("optimizer", ["sgd"])]
    let error = problem { () throws(TrainingProblem) in try plan(grid, algorithm: "MLP") }
    #expect(error?.message.contains("at most 10000 trials") == true)
  }

  @Test func objectivesAreNamedAsUsersNameThem() throws {
    for objective in SearchObjective.allCases {
      for name in [objective.rawValue, objective.rawValue.lowercased(), objective.metric] {
        #expect(try SearchObjective.named(name) == objective)
      }
    }
    let error = problem { () throws(TrainingProblem) in try SearchObjective.named("speed") }
    #expect(error?.message.contains("one of Accuracy, F1, Precision, Recall, Loss, ROCAUC") == true)
  }

  @Test func aPlanSurvivesJSONAndIsCheckedAgain() throws {
    let plan = try plan([("tol", ["1e-4", "1e-3"]), ("C", ["1", "10"])], folds: 3)
    let data = try JSONEncoder().encode(plan)
    #expect(try JSONDecoder().decode(SearchPlan.self, from: data) == plan)
    let broken = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "\"folds\":3", with: "\"folds\":0")
    #expect(throws: TrainingProblem.self) { try JSONDecoder().decode(SearchPlan.self, from: Data(broken.utf8)) }
  }
}
