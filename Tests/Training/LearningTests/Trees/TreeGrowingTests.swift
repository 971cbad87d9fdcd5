import Testing
import TrainingDefinition

@testable import Learning

@Suite struct TreeGrowingTests {
  @Test(arguments: [false, true]) func aGrownTreeKnowsItsRows(floats: Bool) throws {
    for seed in 0..<4 as Range<UInt64> {
      let bytes = TreeFixtures.examples(900, width: 8, levels: 40, noise: 0.3, seed: seed)
      let examples = floats ? TreeFixtures.asFloats(bytes) : bytes
      for algorithm in [Algorithm.decisionTree, .randomForest] {
        let values = algorithm == .randomForest ? ["bootstrap": "false", "n_estimators": "3"] : [:]
        let model = try TreeFixtures.run(TreeFixtures.session(try TreeFixtures.plan(algorithm, examples, values)))
        #expect(model.metrics["train_accuracy"] == 1, "\(algorithm), seed \(seed)")
        #expect(model.metrics["train_loss"] == 0, "\(algorithm), seed \(seed)")
      }
    }
  }

  @Test(arguments: [
    ["max_depth": "3"], ["min_samples_leaf": "17"], ["min_samples_leaf": "0.05", "criterion": "entropy"],
    ["min_samples_split": "60"], ["min_samples_split": "0.2", "max_features": "2"],
  ]) func limitsHold(hyperparameters: [String: String]) throws {
    let examples = TreeFixtures.examples(800, noise: 0.3, seed: 9)
    let plan = try TreeFixtures.plan(.decisionTree, examples, hyperparameters)
    let tree = try #require(try TreeFixtures.trees(try TreeFixtures.run(TreeFixtures.session(plan))).first)
    let settings = TreeSettings(plan.hyperparameters, rows: 800, width: 6)
    let visits = TreeFixtures.visits(tree, examples)
    #expect(tree.nodes.count > 3)
    #expect(tree.depth <= settings.maximumDepth)
    for (place, node) in tree.nodes.enumerated() {
      if node.isLeaf {
        #expect(visits[place] >= settings.minimumLeaf)
      } else {
        #expect(visits[place] >= settings.minimumSplit)
      }
    }
    if hyperparameters["max_depth"] != nil { #expect(tree.depth == 3) }
  }

  @Test func sharesAndWordsBecomeCounts() throws {
    func settings(_ values: [String: String], rows: Int = 150, width: Int = 784) throws -> TreeSettings {
      TreeSettings(try Hyperparameters(values, for: .randomForest), rows: rows, width: width)
    }
    #expect(try settings([:]).candidates == 28)
    #expect(try settings(["max_features": "log2"]).candidates == 9)
    #expect(try settings(["max_features": "None"]).candidates == 784)
    #expect(try settings(["max_features": "0.1"]).candidates == 78)
    #expect(try settings(["max_features": "1"]).candidates == 1)
    #expect(try settings(["max_features": "1.0"]).candidates == 784)
    #expect(try settings(["max_features": "9999"]).candidates == 784)
    #expect(try settings(["min_samples_leaf": "0.05"]).minimumLeaf == 8)
    #expect(try settings(["min_samples_leaf": "6"]).minimumSplit == 12)
    #expect(try settings(["min_samples_split": "0.1"]).minimumSplit == 15)
    for word in ["None", "none", ""] { #expect(try settings(["max_depth": word]).maximumDepth == .max) }
    #expect(try settings(["max_depth": "7"]).maximumDepth == 7)
  }

  @Test(arguments: [
    ("max_depth", "0"), ("max_depth", "nothing"), ("min_samples_split", "1"), ("min_samples_split", "1.5"),
    ("min_samples_leaf", "0"), ("max_features", "0.0"), ("max_features", "cube"), ("n_estimators", "0"),
    ("bootstrap", "2"), ("criterion", "mse"),
  ]) func valuesOutOfBoundsAreRefused(name: String, value: String) {
    let error = Fixtures.error { () throws(TrainingProblem) in try Hyperparameters([name: value], for: .randomForest) }
    #expect(error?.reason == "InvalidHyperparameter")
    #expect(error?.message.contains(name) == true)
  }

  @Test(arguments: [Algorithm.decisionTree, .randomForest]) func threadsDoNotMatter(algorithm: Algorithm) throws {
    let examples = TreeFixtures.asFloats(TreeFixtures.examples(2500, width: 9, levels: 60, noise: 0.3, seed: 4))
    let values = algorithm == .randomForest ? ["n_estimators": "9", "oob_score": "true"] : [:]
    let plan = try TreeFixtures.plan(algorithm, examples, values)
    let models = try [1, 2, 5].map { threads in
      var model = try TreeFixtures.run(TreeFixtures.session(plan, pool: ThreadPool(threads: threads)))
      model.description.report.trainingTime = 0
      for index in model.description.history.indices { model.description.history[index].seconds = 0 }
      return model
    }
    #expect(models[1] == models[0])
    #expect(models[2] == models[0])
  }

  @Test func rangesOfTreesMakeTheForest() throws {
    let examples = TreeFixtures.examples(400, seed: 2)
    let values = try Hyperparameters([:], for: .randomForest)
    func grower() -> ForestGrower { ForestGrower(examples, classes: 3, hyperparameters: values) }
    let whole = grower().grow(0..<7)
    #expect(grower().grow(4..<7) + grower().grow(0..<4) == Array(whole[4...] + whole[..<4]))
    #expect(Set(whole.map(\.tree.nodes.count)).count > 1)
    let other = ForestGrower(
      examples, classes: 3, hyperparameters: try Hyperparameters(["random_state": "7"], for: .randomForest))
    #expect(other.grow(0..<1) != Array(whole.prefix(1)))
  }

  @Test func importancesNameWhatMatters() throws {
    let examples = TreeFixtures.examples(600, width: 6, noise: 0, seed: 8)
    for algorithm in [Algorithm.decisionTree, .randomForest] {
      let values = algorithm == .randomForest ? ["n_estimators": "10"] : [:]
      let model = try TreeFixtures.run(TreeFixtures.session(try TreeFixtures.plan(algorithm, examples, values)))
      let importances = try #require(model.description.trees?.importances)
      #expect(importances.map(\.feature) == (0..<6).map { "x\($0)" })
      #expect(abs(importances.reduce(0) { $0 + $1.importance } - 1) < 1e-12)
      // The class is made of these two.
      let two = Set(importances.sorted { $0.importance > $1.importance }.prefix(2).map(\.feature))
      #expect(two == ["x0", "x3"])
    }
  }

  @Test func rowsThatCannotBeToldApartShareALeaf() throws {
    let pixels = ByteBuffer([UInt8](repeating: 3, count: 30))
    let labels = (0..<10).map { Int32($0 < 4 ? 0 : 1) }
    let examples = Examples(features: .bytes(pixels, scale: 1), labels: labels, width: 3)
    let plan = try TreeFixtures.plan(.decisionTree, examples, classes: 2)
    let model = try TreeFixtures.run(TreeFixtures.session(plan))
    let tree = try #require(try TreeFixtures.trees(model).first)
    #expect(tree.nodes.count == 1)
    #expect(tree.leaves == [0.4, 0.6])
    #expect(model.description.trees?.importances.allSatisfy { $0.importance == 0 } == true)
  }

  @Test func outOfBagScoreIsThatOfUnseenRows() throws {
    let train = TreeFixtures.examples(1500, noise: 0.4, seed: 5)
    let test = TreeFixtures.examples(1500, noise: 0.4, seed: 6)
    let plan = try TreeFixtures.plan(
      .randomForest, train, test: test, ["oob_score": "true", "n_estimators": "40"])
    let model = try TreeFixtures.run(TreeFixtures.session(plan))
    let score = try #require(model.description.trees?.oobScore)
    #expect(abs(score - (model.metrics["test_accuracy"] ?? 0)) < 0.06)
    #expect(model.metrics["train_accuracy"] ?? 0 > score + 0.1)
  }
}
