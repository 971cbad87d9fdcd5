import Foundation
import Registries
import Testing

@testable import RegistryCLI

@Suite struct ModelCommandTests {
  private func filled() async throws -> Bench {
    let bench = try Bench()
    try await bench.model("iris", algorithm: "SVM", accuracy: 0.91, metrics: ["test_loss": 0.3], tags: ["best"])
    try await bench.model("iris", algorithm: "RandomForest", accuracy: 0.97, metrics: ["test_loss": 0.1])
    try await bench.model("digits", algorithm: "CNN", accuracy: 0.99, metrics: ["test_loss": 0.2], dataset: "mnist")
    try await bench.model("odd", algorithm: "MLP", accuracy: nil, dataset: "mnist")
    return bench
  }

  private func names(_ outcome: Bench.Outcome) -> [String] { outcome.lines }

  @Test func theTableIsLikeKubectls() async throws {
    let list = try await filled().run("models", "list")
    #expect(
      list.output == """
        NAME     VERSION   ALGORITHM      ACCURACY   DATASET    TAGS   SIZE   AGE
        digits   v1        CNN            0.9900     mnist      -      22 B   3d
        iris     v2        RandomForest   0.9700     iris.csv   -      22 B   3d
        iris     v1        SVM            0.9100     iris.csv   best   22 B   3d
        odd      v1        MLP            -          mnist      -      22 B   3d

        """, "\(list.output)")
    let wide = try await filled().run("model", "ls", "-o", "wide", "--no-headers")
    #expect(wide.lines.count == 4 && wide.cells(1).contains("/data/iris.csv"))
  }

  @Test(arguments: [
    (["--algorithm", "randomforest"], ["iris@v2"]), (["--dataset", "mnist"], ["digits@v1", "odd@v1"]),
    (["--metric", "accuracy>=0.95"], ["digits@v1", "iris@v2"]),
    (["--metric", "accuracy>0.95", "--metric", "test_loss<0.15"], ["iris@v2"]), (["--tag", "best"], ["iris@v1"]),
    (["--name", "iris"], ["iris@v2", "iris@v1"]),
    (["--since", "2000-01-01"], ["digits@v1", "iris@v2", "iris@v1", "odd@v1"]),
    (["--sort-by", "accuracy"], ["digits@v1", "iris@v2", "iris@v1", "odd@v1"]),
    (["--sort-by", "accuracy", "--reverse"], ["iris@v1", "iris@v2", "digits@v1", "odd@v1"]),
    (["--sort-by", "test_loss"], ["iris@v2", "digits@v1", "iris@v1", "odd@v1"]),
    (["--sort-by", "algorithm"], ["digits@v1", "odd@v1", "iris@v2", "iris@v1"]),
    (["--sort-by", "name", "--descending"], ["odd@v1", "iris@v2", "iris@v1", "digits@v1"]),
    (["--limit", "1", "--page", "2"], ["iris@v2"]), (["--since", "1h"], []),
  ]) func listsAreFilteredSortedAndPaged(options: [String], expected: [String]) async throws {
    let bench = try await filled()
    let arguments = options + ["-o", "name"]
    let outcome = await bench.run(list: arguments)
    #expect(outcome.code == 0 && outcome.lines == expected, "\(outcome)")
  }

  @Test func aDataSetIsFoundByWhatTheTableShowsOfIt() async throws {
    let bench = try await filled()
    #expect(await bench.run("models", "list", "--dataset", "iris.csv", "-o", "name").lines == ["iris@v2", "iris@v1"])
    let none = await bench.run("models", "list", "--dataset", "irs.csv")
    #expect(none.code == 0 && none.complaints.hasSuffix("data sets that were trained on: /data/iris.csv, mnist\n"))
    try await bench.model("other", dataset: "/elsewhere/iris.csv")
    let several = await bench.run("models", "list", "--dataset", "iris.csv")
    #expect(several.complaints.contains("may be any of /data/iris.csv, /elsewhere/iris.csv"))
  }

  @Test func aMetricThatIsSortedByIsShown() async throws {
    let list = try await filled().run("models", "list", "--sort-by", "test_loss")
    #expect(list.cells(0).contains("TEST_LOSS") && list.cells(1).contains("0.1000"))
  }

  @Test func anEmptyListSaysWhereItLooked() async throws {
    let bench = try Bench()
    let all = await bench.run("models", "list")
    #expect(all.code == 0 && all.output.isEmpty)
    #expect(all.complaints == "No models found in \(bench.registry.location).\n")
    let some = await bench.run("models", "list", "--tag", "x")
    #expect(some.complaints == "No models found in \(bench.registry.location) that are so.\n")
    #expect(try await bench.run("models", "list", "-o", "json").json()["total"] as? Int == 0)
    #expect(await bench.run("models", "list", "-o", "name").complaints.isEmpty)
  }

  @Test func referencesLeadToVersionsAndTags() async throws {
    let bench = try await filled()
    for (reference, version) in [
      ("iris", "v2"), ("iris@v1", "v1"), ("iris/v1", "v1"), ("iris@1", "v1"), ("iris@best", "v1"),
      ("iris@latest", "v2"),
    ] {
      let show = await bench.run("models", "show", reference, "-o", "name")
      #expect(show.output == "iris@\(version)\n", "\(reference): \(show)")
    }
    for (reference, text) in [
      ("irsi", "there is no model \"irsi\"; did you mean \"iris\"?"), ("iris@v9", "its versions are v2, v1"),
      ("iris@prod", "its tags are best"), ("digits@prod", "models tag digits@v1 +prod"), ("nothing@v1", "no model"),
    ] {
      let show = await bench.run("models", "show", reference)
      #expect(show.code == 1 && show.complaints.contains(text), "\(show.complaints)")
    }
    #expect(await bench.run("models", "show", "iris@").code == 64)
  }

  @Test func showHasEverything() async throws {
    let bench = try await filled()
    let show = await bench.run("models", "show", "iris@v1")
    for text in [
      "Tags:           best", "Job:            default/train-iris", "test_loss   0.3000", "Target:         y",
    ] {
      #expect(show.output.contains(text), "\(show.output)")
    }
    let json = try await bench.run("models", "show", "iris@v1", "-o", "json").json()
    #expect((json["preprocessing"] as? [String: Any])?["columns"] as? [String] == ["a", "b"])
    #expect(json["trainingTimeSeconds"] as? Double == 1.5 && json["tags"] as? [String] == ["best"])
    #expect((json["metrics"] as? [String: Double])?["accuracy"] == 0.91)
  }

  @Test func yamlHasNumbersAsPeopleWriteThemAndTextsThatStayTexts() async throws {
    let bench = try Bench()
    try await bench.model("m", accuracy: 0.95, hyperparameters: ["C": "1", "k": "yes", "name": "it's: ü"])
    let yaml = await bench.run("models", "show", "m", "-o", "yaml").output
    for line in [
      "  accuracy: 0.95", "  C: '1'", "  name: 'it''s: ü'", "trainingTimeSeconds: 1.5", "tags: []", "size: 22",
    ] {
      #expect(yaml.contains("\n\(line)\n"), "\(line) in\n\(yaml)")
    }
    #expect(yaml.contains("  k: 'yes'\n") || yaml.contains("  k: \"yes\"\n"), "\(yaml)")
  }

  @Test func filesAreBroughtUnderNamesOfTheirOwn() async throws {
    let bench = try await filled()
    let all = await bench.run("models", "get", "iris", "-d", bench.path("out"))
    #expect(all.lines == [bench.path("out/iris-v2.safetensors"), bench.path("out/iris-v2.onnx")])
    #expect(try bench.text("out/iris-v2.onnx") == "onnx of weights")
    let one = await bench.run("models", "get", "iris@best", "--format", "onnx", "-o", bench.path("m.onnx"))
    #expect(one.code == 0 && one.lines == [bench.path("m.onnx")])
    let into = await bench.run("models", "get", "iris", "--format", "onnx", "-o", bench.path("out"), "--force")
    #expect(into.lines == [bench.path("out/iris-v2.onnx")])
    let piped = await bench.run("models", "get", "iris", "--format", "safetensors", "-o", "-")
    #expect(piped.output == "weights")
  }

  @Test func getReplacesNothingUnaskedAndLeavesNothingHalf() async throws {
    let bench = try await filled()
    try bench.file("m.onnx", "mine")
    let refused = await bench.run("models", "get", "iris", "--format", "onnx", "-o", bench.path("m.onnx"))
    #expect(refused.code == 1 && refused.complaints.contains("--force"))
    #expect(try bench.text("m.onnx") == "mine")
    #expect(await bench.run("models", "get", "iris", "--format", "onnx", "-o", bench.path("m.onnx"), "-f").code == 0)
    // Bytes that are not those that were kept.
    try Data("altered!".utf8).write(
      to: bench.directory.appending(path: "registry/models/iris/v2/files/model.safetensors"))
    let damaged = await bench.run("models", "get", "iris", "--format", "safetensors", "-d", bench.path("d"))
    #expect(damaged.code == 1 && damaged.complaints.contains("damaged"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path("d")).isEmpty)
  }

  @Test func wrongWaysToGetAreExplained() async throws {
    let bench = try await filled()
    let likeKubectl = await bench.run("models", "get", "iris", "-o", "json")
    #expect(likeKubectl.code == 64 && likeKubectl.complaints.contains("models show iris -o json"))
    let format = await bench.run("models", "get", "iris", "--format", "pickle")
    #expect(format.code == 1 && format.complaints.contains("model.safetensors, model.onnx"))
    #expect(await bench.run("models", "get", "iris", "-o", bench.path("x")).code == 64)
    #expect(await bench.run("models", "get", "iris", "--format", "onnx", "-o", "x", "-d", "y").code == 64)
  }

  @Test func comparisonShowsWhatDiffersAndWhatIsBest() async throws {
    let bench = try Bench()
    try await bench.model("iris", accuracy: 0.9, metrics: ["test_loss": 0.2], hyperparameters: ["C": "1", "k": "rbf"])
    try await bench.model("iris", accuracy: 0.95, metrics: ["test_loss": 0.4], hyperparameters: ["C": "2", "k": "rbf"])
    let table = await bench.run("models", "compare", "iris")
    #expect(table.complaints.isEmpty)
    let rows = Dictionary(table.lines.indices.map { (table.cells($0)[0], Array(table.cells($0).dropFirst())) }) { $1 }
    #expect(rows["C"] == ["2", "1"] && rows["k"] == nil)
    #expect(
      rows["accuracy"] == ["0.9500 *", "0.9000"] && rows["test_loss"] == ["0.4000", "0.2000 *"], "\(table.output)")
    #expect(rows["training time"] == ["1.50 s", "1.50 s"])
    try await bench.model("other", dataset: "mnist")
    let apart = await bench.run("models", "compare", "iris@v1", "other", "-o", "json")
    #expect(apart.complaints.contains("different data sets (/data/iris.csv, mnist)"))
    let json = try apart.json()
    #expect((json["models"] as? [Any])?.count == 2 && (json["warnings"] as? [String])?.count == 1)
    try await bench.model("iris", fingerprint: "d2")
    #expect(await bench.run("models", "compare", "iris@v1", "iris@v3").complaints.contains("changed between"))
    #expect(await bench.run("models", "compare", "other").code == 64)
    #expect(await bench.run("models", "compare", "iris", "none").code == 1)
  }

  @Test func tagsAreGivenTakenAndMoved() async throws {
    let bench = try await filled()
    #expect(
      await bench.run("models", "tag", "iris@v1", "+prod", "good", "best-").output == "model/iris v1 tags: good, prod\n"
    )
    let moved = await bench.run("models", "tag", "iris@v2", "+prod", "--move")
    #expect(moved.output == "model/iris v1 no longer: prod\nmodel/iris v2 tags: prod\n")
    #expect(await bench.run("models", "show", "iris@prod", "-o", "name").output == "iris@v2\n")
    #expect(
      await bench.run("models", "tag", "iris@v2", "--remove", "prod", "--add", "a").output == "model/iris v2 tags: a\n")
    for arguments in [["iris@v2"], ["iris@v2", "+a", "a-"], ["iris@v2", "+a b"], ["iris@v2", "+"]] {
      #expect(await bench.run(tag: arguments).code == 64, "\(arguments)")
    }
    #expect(await bench.run("models", "tag", "iris@v7", "+a").code == 1)
  }

  @Test func deletingIsOfAVersionUnlessAllAreMeant() async throws {
    let bench = try await filled()
    let unclear = await bench.run("models", "delete", "iris", "--yes")
    #expect(unclear.code == 64 && unclear.complaints.contains("iris@v2"))
    #expect(await bench.run("models", "delete", "iris@best", "--yes").output == "model/iris v1 deleted\n")
    #expect(await bench.run("models", "delete", "iris@v1", "--yes").code == 1)
    #expect(await bench.run("models", "delete", "iris", "--all-versions", answer: "no").code == 1)
    #expect(await bench.run("models", "rm", "iris", "--all-versions", answer: "yes").code == 0)
    #expect(await bench.run("models", "show", "iris").code == 1)
    #expect(await bench.run("models", "delete", "iris", "--all-versions", "--yes").code == 1)
  }
}

extension Bench {
  func run(list options: [String]) async -> Outcome { await run(arguments: ["models", "list"] + options) }
  func run(tag options: [String]) async -> Outcome { await run(arguments: ["models", "tag"] + options) }
}
