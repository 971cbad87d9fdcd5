import Foundation
import Testing
import TrainingDefinition

@testable import Learning

/// A search taken step by step.
@Suite struct SearchSessionTests {
  private let request = TrainingRequest(
    algorithm: "SVM", dataset: DatasetRequest(uri: Fixtures.iris, targetColumn: "Species", dropColumns: ["Id"]))

  private func session(_ values: [String] = ["0.001", "1", "10"]) throws -> any TrainingSession {
    try Trainer.load(
      request, search: SearchRequest(parameters: [.init(name: "C", values: values)], folds: 3),
      dataRoot: Fixtures.packageRoot)
  }

  private func run(_ session: any TrainingSession) throws -> TrainedModel {
    while !session.isFinished { try session.step() }
    return try session.finish()
  }

  @Test func itEndsWithTheBestCombinationsModel() throws {
    let session = try session()
    var fractions: [Double] = []
    while !session.isFinished {
      try session.step()
      fractions.append(session.progress.fraction)
    }
    #expect(zip(fractions, fractions.dropFirst()).allSatisfy(<=), "progress never falls")
    #expect(fractions.last == 1)
    let model = try session.finish()
    let table = try #require(model.description.search)
    #expect(table.count == 3)
    #expect(table.map { $0.mean ?? 0 } == table.map { $0.mean ?? 0 }.sorted(by: >))
    #expect(model.description.hyperparameters["C"] == table.first?.parameters["C"])
    #expect(table.last?.parameters["C"] == "0.001")
    #expect(try TrainedModel(decoding: model.encoded()).description.search == table)
  }

  @Test func itGoesOnFromAnyCheckpoint() throws {
    let expected = try run(try session())
    let whole = try session()
    var step = 0
    while !whole.isFinished {
      try whole.step()
      step += 1
      guard step % 5 == 0 else { continue }
      let resumed = try session()
      try resumed.restore(try whole.checkpoint())
      let model = try run(resumed)
      #expect(model.tensors == expected.tensors, "after step \(step)")
      #expect(model.description.search?.map(\.scores) == expected.description.search?.map(\.scores))
    }
  }

  @Test func anotherSearchsCheckpointIsRefused() throws {
    let other = try session(["1", "2"])
    try other.step()
    let data = try other.checkpoint()
    let mine = try session()
    #expect(throws: LearningError.self) { try mine.restore(data) }
    #expect(throws: LearningError.self) { try mine.restore(Data("{}".utf8)) }
  }

  @Test func aCombinationThatCannotBeTrainedIsLeftOutAndToldOf() throws {
    let session = try Trainer.load(
      TrainingRequest(algorithm: "MLP", dataset: request.dataset, epochs: 1, batchSize: 16),
      search: SearchRequest(parameters: [.init(name: "learning_rate", values: ["0.01", "1e30"])]),
      dataRoot: Fixtures.packageRoot)
    let table = try #require(try run(session).description.search)
    #expect(table.first?.parameters == ["learning_rate": "0.01"])
    #expect(table.last?.problem?.contains("LossDiverged") == true)
  }
}
