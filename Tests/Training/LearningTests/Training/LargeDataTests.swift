import Foundation
import Testing
import TrainingDefinition

@testable import Learning

/// Runs only where TENSORFLEET_TEST_DATA or ../shared/data holds the larger data sets.
@Suite(.enabled(if: Fixtures.largeData != nil)) struct LargeDataTests {
  @Test func oneEpochOnAPartOfMNISTLearns() throws {
    let root = try #require(Fixtures.largeData)
    let whole = try DatasetLoader.load(DatasetRequest(uri: "mnist", format: "IDX"), dataRoot: root)
    #expect(whole.train.count == 60_000)
    #expect(whole.test.count == 10_000)
    #expect(whole.preprocessing.input == .image(shape: [28, 28], scale: ImageDataset.scale))
    let part = Dataset(
      train: whole.train.selecting((0..<3000).map { Int32($0) }),
      test: whole.test.selecting((0..<1000).map { Int32($0) }), preprocessing: whole.preprocessing)
    let request = TrainingRequest(
      algorithm: "MLP", dataset: DatasetRequest(uri: "mnist"), epochs: 1, batchSize: 64)
    let session = try Trainer.load(request, dataset: part)
    while !session.isFinished { try session.step() }
    #expect(try #require(session.progress.testAccuracy) > 0.75)
  }

  @Test(arguments: [("album_type", 0.85), ("explicit", 0.7)])
  func quotedTableWithUnknownsIsRead(target: String, least: Double) throws {
    let root = try #require(Fixtures.largeData)
    let request = TrainingRequest(
      algorithm: "LogisticRegression", hyperparameters: ["max_iter": "20"],
      dataset: DatasetRequest(uri: "spotify/spotify_data_clean.csv", targetColumn: target))
    let session = try Trainer.load(request, dataRoot: root)
    while !session.isFinished { try session.step() }
    #expect(try #require(session.progress.testAccuracy) > least)
  }
}
