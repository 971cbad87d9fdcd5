import Foundation
import Mongo
import Registries
import Testing

@testable import RegistryCLI

/// The MongoDB that tests are run against, where there is one.
private let serverURI: String? =
  ProcessInfo.processInfo.environment["TENSORFLEET_TEST_MONGODB_URI"]
  ?? ProcessInfo.processInfo.environment["MONGODB_URI"]

/// The commands over MongoDB.
@Suite(.enabled(if: serverURI != nil)) struct MongoCommandIntegrationTests {
  /// Runs `body` with a database of its own, which is dropped afterwards.
  private func withDatabase(_ body: (Bench) async throws -> Void) async throws {
    let name = "cli_\(UInt64.random(in: 0 ..< .max))"
    let client = MongoClient(try MongoURI(try #require(serverURI)).with(database: name))
    do {
      try await body(try Bench(MongoRegistry(client)))
    } catch {
      try await client.dropDatabase()
      throw error
    }
    try await client.dropDatabase()
  }

  private func fill(_ bench: Bench) async throws {
    try await bench.model("iris", algorithm: "SVM", accuracy: 0.91, metrics: ["test_loss": 0.3], tags: ["best"])
    try await bench.model("iris", algorithm: "RandomForest", accuracy: 0.97, metrics: ["test_loss": 0.1])
    try await bench.model("digits", algorithm: "CNN", accuracy: 0.99, metrics: ["test_loss": 0.2], dataset: "mnist")
    try await bench.run(id: "aaaaaaaa-1111", ago: 7230, accuracy: 0.9)
    try await bench.run(id: "aaaaaaaa-2222", algorithm: "SVM", ago: 3630, accuracy: 0.8)
    try await bench.run(id: "bbbbbbbb", job: "digits", state: "Failed", ago: 600, failure: "DataError: no rows")
    try await bench.registry.appendHistory(
      (1...9).map { Bench.point($0, step: 10 * $0, ["train_loss": 1 / Double($0), "test_loss": 2 / Double($0)]) },
      run: "aaaaaaaa-1111")
    let path = try bench.file("flowers.csv", DatasetCommandTests.flowers)
    #expect(await bench.run("datasets", "put", "flowers", path).code == 0)
  }

  @Test func everyCommandPrintsWhatItPrintsOverADirectory() async throws {
    try await withDatabase { mongo in
      let directory = try Bench()
      try await fill(mongo)
      try await fill(directory)
      for command in [
        "models list", "models list --sort-by accuracy --limit 2", "models list --metric test_loss<0.25 -o name",
        "models list --tag best", "models list --algorithm svm --reverse", "models show iris@best -o name",
        "models show irsi", "models show iris@v9", "models show iris@none", "models tag iris@v2 +new best-",
        "models tag iris@v2 +best --move", "models list --name iris -o name", "models delete digits@v1 --yes",
        "models show digits", "runs list", "runs list --state failed -o name", "runs list --sort-by accuracy",
        "runs show aaaa", "runs show default/iris -o name", "runs plot aaaaaaaa-1111", "runs plot aaaaaaaa-1111 -o csv",
        "datasets list", "datasets show flowers@ffff", "datasets delete flowers --yes", "datasets list -o name",
        "datasets show flowers",
      ] {
        let arguments = command.split(separator: " ").map(String.init)
        let (found, expected) = (await mongo.run(arguments: arguments), await directory.run(arguments: arguments))
        #expect(found.output == expected.output && found.code == expected.code, "\(command)")
        #expect(found.complaints == expected.complaints, "\(command)")
      }
    }
  }

  @Test func filesComeBackAsTheyWere() async throws {
    try await withDatabase { bench in
      try await fill(bench)
      let text = String(repeating: "1.5,red\n", count: 100_000)
      let path = try bench.file("many.csv", "length,colour\n" + text)
      let put = await bench.run("datasets", "put", "many", path, change: { $0.isWatched = true })
      #expect(put.code == 0 && put.output.contains("100000 rows") && put.complaints.contains("100%"), "\(put)")
      #expect(await bench.run("datasets", "get", "many", "-d", bench.path("out")).code == 0)
      #expect(try bench.text("out/many.csv") == "length,colour\n" + text)
      #expect(await bench.run("models", "get", "iris@best", "-d", bench.path("models")).code == 0)
      #expect(try bench.text("models/iris-v1.onnx") == "onnx of weights")
    }
  }
}
