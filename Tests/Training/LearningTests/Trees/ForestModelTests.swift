import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct ForestModelTests {
  private func model(_ values: [String: String] = ["n_estimators": "5"]) throws -> TrainedModel {
    let train = TreeFixtures.examples(300, noise: 0.3, seed: 1)
    return try TreeFixtures.run(TreeFixtures.session(try TreeFixtures.plan(.randomForest, train, values)))
  }

  @Test func modelsAreReadBackAsTheyWere() throws {
    let model = try model()
    let bytes = try model.encoded()
    let copy = try TrainedModel(decoding: bytes)
    #expect(copy == model)
    #expect(try copy.encoded() == bytes)
  }

  @Test func probabilitiesAreTheMeanOfTheLeaves() throws {
    let model = try model(["n_estimators": "7", "max_depth": "4"])
    let trees = try TreeFixtures.trees(model)
    let examples = TreeFixtures.asFloats(TreeFixtures.examples(2100, seed: 3))
    let classifier = try model.description.structure.classifier(
      model.tensors, for: model.description.preprocessing)
    let answers = Evaluator(classifier).probabilities(examples)
    let row = FloatBuffer(count: examples.width)
    for index in stride(from: 0, to: examples.count, by: 13) {
      examples.copyRows(from: index, count: 1, into: row.base)
      var expected = [Float](repeating: 0, count: 3)
      for tree in trees {
        let leaf = Int(tree.nodes[TreeFixtures.path(tree, row).last ?? 0].left)
        for index in 0..<3 { expected[index] += tree.leaves[leaf * 3 + index] / Float(trees.count) }
      }
      for index2 in 0..<3 { #expect(abs(answers[index * 3 + index2] - expected[index2]) < 1e-6) }
    }
  }

  /// What a hostile file may hold: the tensor, the place of its value (from the end where negative), and the value.
  @Test(arguments: [
    ("tree_start", 0, 1), ("tree_start", 1, 0), ("tree_start", 1, 1_000_000), ("tree_start", -1, 3),
    ("feature", 0, 6), ("feature", 0, -2), ("feature", 0, -1), ("left", 0, 0), ("left", 0, 2_000_000),
    ("right", 0, 1), ("right", 0, -1), ("left", -1, -1), ("left", -1, 1_000_000),
  ]) func hostileForestsAreRefused(name: String, place: Int, value: Int32) throws {
    let model = try model()
    var tensors = model.tensors
    let index = try #require(tensors.firstIndex { $0.name == name })
    var values = try #require(tensors[index].integers)
    values[place < 0 ? values.count + place : place] = value
    tensors[index] = Tensor(name: name, shape: tensors[index].shape, integers: values)
    try expectRefused(TrainedModel(description: model.description, tensors: tensors))
  }

  @Test func hostileNumbersAreRefused() throws {
    let model = try model()
    for (name, value) in [("threshold", Float.nan), ("leaf_probabilities", 2), ("leaf_probabilities", -.infinity)] {
      var tensors = model.tensors
      let index = try #require(tensors.firstIndex { $0.name == name })
      var values = try #require(tensors[index].floats)
      values[0] = value
      tensors[index] = Tensor(name: name, shape: tensors[index].shape, floats: values)
      try expectRefused(TrainedModel(description: model.description, tensors: tensors))
    }
    for index in model.tensors.indices {
      var tensors = model.tensors
      tensors.remove(at: index)
      try expectRefused(TrainedModel(description: model.description, tensors: tensors))
    }
    var description = model.description
    description.structure = .forest(ForestShape([]))
    try expectRefused(TrainedModel(description: description, tensors: model.tensors))
  }

  @Test(arguments: 0..<150 as Range<UInt64>) func noBytesCrashAForest(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var bytes = try Self.encoded.get()
    // The tensors are the larger part; hit them rather than the text before them.
    for _ in 0..<(1 + random.below(3)) {
      bytes[bytes.count / 3 + random.below(bytes.count * 2 / 3)] ^= UInt8(1 + random.below(255))
    }
    guard let model = try? TrainedModel(decoding: bytes) else { return }
    let classifier = try model.description.structure.classifier(model.tensors, for: model.description.preprocessing)
    let answers = Evaluator(classifier).probabilities(TreeFixtures.examples(20, seed: 5))
    #expect(answers.allSatisfy { $0 >= 0 && $0 <= 1.01 }, "seed \(seed)")
  }

  private static let encoded = Result {
    let train = TreeFixtures.examples(60, noise: 0.3, seed: 1)
    let plan = try TreeFixtures.plan(.randomForest, train, ["n_estimators": "3"])
    return try TreeFixtures.run(TreeFixtures.session(plan)).encoded()
  }

  private func expectRefused(_ model: TrainedModel, _ location: SourceLocation = #_sourceLocation) throws {
    let bytes = try model.encoded()
    let error = Fixtures.error(location) { () throws(LearningError) in try TrainedModel(decoding: bytes) }
    #expect(error?.reason == "BadModel", sourceLocation: location)
  }
}
