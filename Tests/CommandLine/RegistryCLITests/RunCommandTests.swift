import Foundation
import Registries
import Testing

@testable import RegistryCLI

@Suite struct RunCommandTests {
  private func filled() async throws -> Bench {
    let bench = try Bench()
    try await bench.run(id: "aaaaaaaa-1111", ago: 7230, accuracy: 0.9)
    try await bench.run(id: "aaaaaaaa-2222", algorithm: "SVM", ago: 3630, accuracy: 0.8)
    try await bench.run(
      id: "bbbbbbbb-3333", job: "digits", namespace: "team", state: "Failed", ago: 600, failure: "DataError: no rows")
    return bench
  }

  @Test func theTableHasAsMuchOfAnIdAsIsNeeded() async throws {
    let bench = try await filled()
    let list = await bench.run("runs", "list", "--namespace", "default")
    #expect(
      list.output == """
        JOB    RUN          STATE       ALGORITHM   ACCURACY   LOSS     DATASET    DURATION   AGE
        iris   aaaaaaaa-2   Succeeded   SVM         0.8000     0.2000   iris.csv   1m30s      60m
        iris   aaaaaaaa-1   Succeeded   MLP         0.9000     0.1000   iris.csv   1m30s      120m

        """, "\(list.output)")
    let both = await bench.run("runs", "list")
    #expect(both.cells(0).first == "NAMESPACE" && both.cells(1).prefix(3) == ["team", "digits", "bbbbbbbb-3"])
    let wide = await bench.run("runs", "list", "-o", "wide")
    #expect(wide.cells(1).contains("bbbbbbbb-3333") && wide.cells(1).contains("node-a"))
  }

  @Test(arguments: [
    (["--state", "failed"], ["bbbbbbbb-3333"]), (["--name", "iris"], ["aaaaaaaa-2222", "aaaaaaaa-1111"]),
    (["--job", "digits"], ["bbbbbbbb-3333"]), (["-n", "team"], ["bbbbbbbb-3333"]),
    (["--algorithm", "svm"], ["aaaaaaaa-2222"]), (["--metric", "accuracy>0.85"], ["aaaaaaaa-1111"]),
    (["--since", "90m"], ["bbbbbbbb-3333", "aaaaaaaa-2222"]),
    (["--sort-by", "accuracy"], ["aaaaaaaa-1111", "aaaaaaaa-2222", "bbbbbbbb-3333"]),
    (["--reverse"], ["aaaaaaaa-1111", "aaaaaaaa-2222", "bbbbbbbb-3333"]),
    (["--page", "1"], ["bbbbbbbb-3333", "aaaaaaaa-2222", "aaaaaaaa-1111"]),
    (["--limit", "1"], ["bbbbbbbb-3333"]),
  ]) func listsAreFilteredSortedAndPaged(options: [String], expected: [String]) async throws {
    let outcome = try await filled().run(arguments: ["runs", "list", "-o", "name"] + options)
    #expect(outcome.code == 0 && outcome.lines == expected, "\(outcome)")
  }

  @Test func runsAreFoundByIdPrefixAndJob() async throws {
    let bench = try await filled()
    for (text, id) in [
      ("aaaaaaaa-1111", "aaaaaaaa-1111"), ("bbb", "bbbbbbbb-3333"), ("iris", "aaaaaaaa-2222"),
      ("default/iris", "aaaaaaaa-2222"), ("team/digits", "bbbbbbbb-3333"),
    ] {
      #expect(await bench.run("runs", "show", text, "-o", "name").output == id + "\n", "\(text)")
    }
    for (text, message) in [
      ("aaaa", "2 runs begin with \"aaaa\""), ("digts", "did you mean \"digits\"?"),
      ("team/digts", "did you mean \"team/digits\"?"), ("zzz", "there is no run \"zzz\""),
    ] {
      let outcome = await bench.run("runs", "show", text)
      #expect(outcome.code == 1 && outcome.complaints.contains(message), "\(outcome.complaints)")
    }
    #expect(await bench.run("runs", "show", "team/").code == 64)
  }

  @Test func showTellsOfAllAttempts() async throws {
    let bench = try await filled()
    try await bench.run(id: "cccccccc", job: "long", state: "Failed", ago: 500, attempt: 0, failure: "WorkerLost: gone")
    try await bench.run(id: "cccccccc", job: "long", ago: 300, accuracy: 0.7, attempt: 1)
    let show = await bench.run("runs", "show", "long")
    for text in ["State:            Succeeded", "Duration:         1m30s", "WorkerLost: gone", "accuracy    0.7000"] {
      #expect(show.output.contains(text), "\(show.output)")
    }
    let json = try await bench.run("runs", "show", "long", "-o", "json").json()
    #expect((json["attempts"] as? [Any])?.count == 2 && json["durationSeconds"] as? Double == 90)
    #expect((json["spec"] as? [String: Any])?["epochs"] as? Int == 3)
  }

  @Test func plotWritesThePointsForPrograms() async throws {
    let bench = try await filled()
    try await bench.registry.appendHistory(
      [
        Bench.point(1, step: 10, ["train_loss": 0.5, "test_loss": 0.75]),
        Bench.point(0, step: 5, scope: .step, ["train_loss": 0.875]),
      ], run: "bbbbbbbb-3333")
    let json = await bench.run("runs", "plot", "digits", "-o", "json")
    #expect(try json.json()["total"] as? Int == 2)
    let point = try #require(try json.items().last)
    #expect(Set(point.keys) == ["attempt", "rank", "epoch", "step", "scope", "metrics", "time"])
    let csv = await bench.run("runs", "plot", "digits", "-o", "csv")
    #expect(
      csv.output == """
        attempt,rank,epoch,step,scope,time,test_loss,train_loss
        0,0,0,5,step,2026-09-21T14:13:20Z,,0.875
        0,0,1,10,epoch,2026-09-21T14:13:20Z,0.75,0.5

        """, "\(csv.output)")
  }

  @Test func plotSaysWhatItCannotDraw() async throws {
    let bench = try await filled()
    let none = await bench.run("runs", "plot", "digits")
    #expect(none.code == 1 && none.complaints.contains("has no history"))
    try await bench.registry.appendHistory([Bench.point(1, step: 1, ["train_loss": 1])], run: "bbbbbbbb-3333")
    let metric = await bench.run("runs", "plot", "digits", "--metric", "train_los")
    #expect(metric.code == 1 && metric.complaints.contains("did you mean \"train_loss\"?"))
    #expect(await bench.run("runs", "plot", "digits", "--width", "3").code == 64)
    #expect(await bench.run("runs", "plot", "digits", "--height", "0").code == 64)
  }
}
