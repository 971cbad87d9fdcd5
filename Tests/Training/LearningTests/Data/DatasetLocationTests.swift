import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct DatasetLocationTests {
  private let root = URL(filePath: "/data")

  @Test(arguments: [
    ("iris.csv", DatasetLocation.path("/data/iris.csv")),
    ("sub/iris.csv", .path("/data/sub/iris.csv")),
    ("/abs/x.csv", .path("/abs/x.csv")),
    ("file:///abs/my%20file.csv", .path("/abs/my file.csv")),
    ("builtin://digits", .digits(count: 4000, seed: 1)),
    ("builtin://digits?count=50&seed=9", .digits(count: 50, seed: 9)),
  ]) func locationsAreUnderstood(uri: String, expected: DatasetLocation) throws {
    #expect(try DatasetLocation.resolve(uri, dataRoot: root) == expected)
  }

  @Test(arguments: [
    ("", "InvalidRequest"), ("s3://bucket/key", "UnsupportedScheme"), ("https://host/x.csv", "UnsupportedScheme"),
    ("builtin://letters", "InvalidRequest"), ("builtin://digits?count=1", "InvalidRequest"),
    ("builtin://digits?count=x", "InvalidRequest"), ("builtin://digits?size=3", "InvalidRequest"),
    ("file://relative", "InvalidRequest"),
  ]) func othersAreRefused(uri: String, reason: String) {
    let error = Fixtures.error { () throws(LearningError) in try DatasetLocation.resolve(uri, dataRoot: root) }
    #expect(error?.reason == reason)
  }

  @Test(arguments: [("nowhere.csv", "FileUnreadable"), ("nowhere", "FileUnreadable")])
  func missingFilesAreNamedAndPermanent(uri: String, reason: String) {
    let error = Fixtures.error { () throws(LearningError) in
      try DatasetLoader.load(DatasetRequest(uri: uri, targetColumn: "y"), dataRoot: root)
    }
    #expect(error?.reason == reason)
    #expect(error?.message.contains("/data/" + uri) == true)
    #expect(error?.retryable == false)
  }

  @Test func formatsThatDoNotExistAreRefused() {
    let error = Fixtures.error { () throws(LearningError) in
      try DatasetLoader.load(DatasetRequest(uri: "x.csv", format: "parquet"), dataRoot: root)
    }
    #expect(error == .unknownFormat(value: "parquet", supported: ["CSV", "IDX"]))
  }

  @Test(arguments: [-0.1, 1, .nan]) func impossibleTestSharesAreRefused(fraction: Double) {
    let error = Fixtures.error { () throws(LearningError) in
      try DatasetLoader.load(DatasetRequest(uri: "builtin://digits", testFraction: fraction), dataRoot: root)
    }
    #expect(error?.reason == "InvalidRequest")
  }
}
