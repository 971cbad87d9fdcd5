import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct TreeSessionTests {
  private func plan(_ algorithm: Algorithm, _ values: [String: String] = [:]) throws -> TrainingPlan {
    let train = TreeFixtures.examples(1500, width: 5, levels: 60, noise: 0.3, seed: 1)
    let test = TreeFixtures.examples(300, width: 5, levels: 60, noise: 0.3, seed: 2)
    let given = algorithm == .randomForest ? ["n_estimators": "19", "max_depth": "6"] : [:]
    return try TreeFixtures.plan(algorithm, train, test: test, given.merging(values) { $1 })
  }

  @Test(arguments: [
    (Algorithm.decisionTree, [:]), (.randomForest, [:]), (.randomForest, ["bootstrap": "false"]),
  ]) func interruptedRunsEndBitByBitTheSame(algorithm: Algorithm, values: [String: String]) throws {
    let plan = try plan(algorithm, values)
    let straight = TreeFixtures.session(plan)
    let expected = try TreeFixtures.run(straight)
    let walking = TreeFixtures.session(plan)
    var steps = 0
    while !walking.isFinished {
      let second = TreeFixtures.session(plan)
      // A session that has gone elsewhere must come back too.
      if steps % 2 == 0 { try second.step() }
      try second.restore(try walking.checkpoint())
      #expect(second.progress == walking.progress)
      #expect(second.history == walking.history)
      #expect(try second.checkpoint() == walking.checkpoint())
      let resumed = try TreeFixtures.run(second)
      #expect(resumed.tensors == expected.tensors, "after \(steps) steps")
      #expect(resumed.description.trees == expected.description.trees)
      #expect(resumed.description.history.map(\.trainLoss) == expected.description.history.map(\.trainLoss))
      #expect(resumed.description.history.map(\.testLoss) == expected.description.history.map(\.testLoss))
      try walking.step()
      steps += 1
    }
    #expect(steps > (algorithm == .decisionTree ? 10 : 2))
  }

  @Test(arguments: [Algorithm.decisionTree, .randomForest]) func progressNeverFallsAndEndsAtOne(
    algorithm: Algorithm
  ) throws {
    let session = TreeFixtures.session(try plan(algorithm))
    #expect(session.progress.fraction == 0)
    #expect(session.progress.loss == nil)
    var last = 0.0
    while !session.isFinished {
      try session.step()
      #expect(session.progress.fraction >= last)
      #expect(session.progress.loss?.isFinite == true)
      last = session.progress.fraction
    }
    let done = session.progress
    #expect(done.fraction == 1)
    #expect(done.testAccuracy == (try session.finish().metrics["test_accuracy"]))
    #expect(done.epoch == done.epochs)
    try session.step()
    #expect(session.progress == done)
  }

  @Test func aTreeKnowsItsOwnTrainingLoss() throws {
    let session = TreeFixtures.session(try plan(.decisionTree, ["max_depth": "5"]))
    let model = try TreeFixtures.run(session)
    #expect(abs((session.progress.loss ?? 0) - model.description.report.trainLoss) < 1e-6)
    #expect(session.progress.accuracy == model.description.report.trainAccuracy)
  }

  @Test(arguments: [Algorithm.decisionTree, .randomForest]) func unfinishedRunsAreModelsToo(
    algorithm: Algorithm
  ) throws {
    let session = TreeFixtures.session(try plan(algorithm))
    let first = try TrainedModel(decoding: try session.finish().encoded())
    #expect(first.description.trees?.nodes == 1)
    for _ in 0..<2 { try session.step() }
    let second = try TrainedModel(decoding: try session.finish().encoded())
    #expect(second.description.report.trainLoss < first.description.report.trainLoss)
  }

  @Test(arguments: [Algorithm.decisionTree, .randomForest]) func damagedCheckpointsAreRefusedAndChangeNothing(
    algorithm: Algorithm
  ) throws {
    let session = TreeFixtures.session(try plan(algorithm))
    for _ in 0..<(algorithm == .decisionTree ? 12 : 1) { try session.step() }
    let saved = try session.checkpoint()
    let file = try TensorFile(decoding: saved)
    for index in file.tensors.indices {
      var damaged = file
      guard var values = damaged.tensors[index].integers, !values.isEmpty else { continue }
      values[values.count / 2] = -7
      damaged.tensors[index] = Tensor(
        name: damaged.tensors[index].name, shape: damaged.tensors[index].shape, integers: values)
      // Half of a seed may be any number.
      if damaged.tensors[index].name == "open" { continue }
      let bytes = try damaged.encoded()
      let error = Fixtures.error { () throws(LearningError) in try session.restore(bytes) }
      #expect(error?.reason == "BadCheckpoint", "\(damaged.tensors[index].name)")
      #expect(try session.checkpoint() == saved)
    }
    for damaged in [Data(), saved.prefix(100), saved.dropLast()] {
      let error = Fixtures.error { () throws(LearningError) in try session.restore(damaged) }
      #expect(error?.reason == "BadCheckpoint")
    }
    let other = TreeFixtures.session(try plan(algorithm, ["random_state": "3"]))
    let error = Fixtures.error { () throws(LearningError) in try other.restore(saved) }
    #expect(error?.reason == "BadCheckpoint")
  }

  @Test func openNodesOfACheckpointMustFitItsTree() throws {
    let session = TreeFixtures.session(try plan(.decisionTree))
    // Some branches are grown and some are open.
    for _ in 0..<12 { try session.step() }
    let file = try TensorFile(decoding: try session.checkpoint())
    let index = try #require(file.tensors.firstIndex { $0.name == "open" })
    let values = try #require(file.tensors[index].integers)
    // First row, number of rows, depth, place.
    for (field, value) in [(0, -1), (0, 1499), (1, 0), (1, 1501), (2, -1), (3, 0), (3, 9999)] as [(Int, Int32)] {
      var damaged = file
      var changed = values
      changed[field] = value
      damaged.tensors[index] = Tensor(name: "open", shape: file.tensors[index].shape, integers: changed)
      let bytes = try damaged.encoded()
      let error = Fixtures.error { () throws(LearningError) in try session.restore(bytes) }
      #expect(error?.reason == "BadCheckpoint", "field \(field) = \(value)")
    }
  }
}
