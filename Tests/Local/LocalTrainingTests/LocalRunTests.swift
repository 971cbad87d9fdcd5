import Basics
import Foundation
import Testing

@testable import LocalPods
@testable import LocalTraining

/// `tensorfleet run` as a process: its exit codes and what it says.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct LocalRunTests {
  struct Ended {
    var code: Int
    var output: String
  }

  /// The program beside the tests' own.
  private static var program: String? {
    let folder = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") }.map {
      URL(filePath: $0).deletingLastPathComponent()
    }
    let own = URL(filePath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
    return [folder, own].compactMap { $0?.appending(path: "tensorfleet").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private func run(
    _ arguments: [String], in directory: PrivateDirectory, signalAfter pattern: String? = nil
  ) async throws -> Ended {
    let program = try #require(Self.program, "tensorfleet is not built")
    let path = "\(directory.path)/output"
    let output = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    let environment = ["HOME": directory.path, "PATH": "/usr/bin:/bin", "TMPDIR": directory.path]
    let child = try await ChildProcess.start(
      program, arguments: arguments, environment: environment, directory: directory.path, output: output)
    func text() -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
    if let pattern {
      let deadline = ContinuousClock.now + .seconds(30)
      while !text().contains(pattern), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
      child.signal(SIGINT)
    }
    return Ended(code: await child.end().exitCode, output: text())
  }

  private func write(_ text: String, _ name: String, in directory: PrivateDirectory) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(directory.path)/\(name)"))
  }

  private func job(_ name: String, dataset: String, epochs: Int = 1, algorithm: String = "LogisticRegression") -> String
  {
    """
    apiVersion: tensorfleet.io/v1alpha1
    kind: TrainingJob
    metadata: {name: \(name)}
    spec:
      workerPoolName: pool
      algorithm: \(algorithm)
      epochs: \(epochs)
      dataset: {\(dataset)}
    ---

    """
  }

  private static let rows = (0..<60).map { "\($0 % 2),\($0 % 3),\($0 % 2 == 0 ? "even" : "odd")" }
    .joined(separator: "\n")

  @Test func aJobThatSucceedsLeavesAModelAndEndsWithZero() async throws {
    let directory = try PrivateDirectory(prefix: "tensorfleet-run")
    try write("x,y,label\n\(Self.rows)\n", "data.csv", in: directory)
    try write(job("good", dataset: "uri: data.csv, targetColumn: label"), "job.yaml", in: directory)
    let ended = try await run(["run", "job.yaml"], in: directory)
    #expect(ended.code == 0, "\(ended.output)")
    #expect(ended.output.contains("made one of 2 workers"))
    let model = try #require(ended.output.firstMatch(of: /model of good: (.+)/)).output.1
    #expect(model.hasPrefix("\(directory.path)/.local/share/tensorfleet/"))
    #expect(FileManager.default.fileExists(atPath: String(model)))
  }

  @Test func aJobThatFailsIsExplainedAndEndsWithOne() async throws {
    let directory = try PrivateDirectory(prefix: "tensorfleet-run")
    try write("x,y,label\n\(Self.rows)\n", "data.csv", in: directory)
    let jobs =
      job("good", dataset: "uri: data.csv, targetColumn: label")
      + job("bad", dataset: "uri: data.csv, targetColumn: none")
    try write(jobs, "job.yaml", in: directory)
    let ended = try await run(["run", "job.yaml", "--workers", "1", "--output", "plain"], in: directory)
    #expect(ended.code == 1, "\(ended.output)")
    #expect(ended.output.contains(/bad \(.+\): .*label/))
    #expect(ended.output.contains("good   Completed"))
  }

  @Test(arguments: [
    ("a: [", ["job.yaml"], 2 as Int, "error: job.yaml:1: this is no YAML"),
    ("apiVersion: v1\nkind: Pod\n", ["job.yaml"], 2, "error: job.yaml:2: unknown kind \"Pod\""),
    ("", ["none.yaml"], 2, "error: none.yaml: there is no such file"),
    ("", ["job.yaml", "--nonsense"], 64, "Unknown option '--nonsense'"),
    ("", ["job.yaml", "--workers", "0"], 64, "--workers is 0; it must be from 1 to 256."),
    ("", [], 64, "Missing expected argument '<files> ...'"),
  ])
  func badInputIsNamed(text: String, arguments: [String], code: Int, message: String) async throws {
    let directory = try PrivateDirectory(prefix: "tensorfleet-run")
    try write(text, "job.yaml", in: directory)
    let ended = try await run(["run"] + arguments, in: directory)
    #expect(ended.code == code)
    #expect(ended.output.contains(message), "\(ended.output)")
  }

  private var endless: String {
    job("long", dataset: "uri: 'builtin://digits?count=2000', format: IDX", epochs: 10_000, algorithm: "MLP")
  }

  @Test func anInterruptedRunHandsBackAndSaysHowFarItWas() async throws {
    let directory = try PrivateDirectory(prefix: "tensorfleet-run")
    try write(endless, "job.yaml", in: directory)
    let ended = try await run(["run", "job.yaml"], in: directory, signalAfter: "long  Running")
    #expect(ended.code == 130)
    #expect(ended.output.contains("interrupted"), "\(ended.output)")
    #expect(ended.output.contains("JOB "), "\(ended.output)")
  }

  @Test func aRunThatTakesTooLongEndsWithOne() async throws {
    let directory = try PrivateDirectory(prefix: "tensorfleet-run")
    try write(endless, "job.yaml", in: directory)
    let ended = try await run(["run", "job.yaml", "--timeout", "1s"], in: directory)
    #expect(ended.code == 1)
    #expect(ended.output.contains("error: not all jobs were done within 1s"), "\(ended.output)")
  }
}
