import ArgumentParser
import CommandLineKit
import Foundation
import Registries
import Synchronization

@testable import FleetCommands
@testable import RegistryCLI

/// A registry in a directory of its own, and the command line over it, in this process.
final class Bench: Sendable {
  /// What a command left.
  struct Outcome {
    var output: String
    var complaints: String
    var code: Int32

    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
    /// The cells of a table's line; columns are three spaces apart.
    func cells(_ line: Int) -> [String] {
      lines.indices.contains(line)
        ? lines[line].split(separator: "   ").map { $0.trimmingCharacters(in: .whitespaces) } : []
    }
    /// The first cell of each line under a table's header.
    var names: [String] { lines.indices.dropFirst().map { cells($0).first ?? "" } }
    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
    func items() throws -> [[String: Any]] { try json()["items"] as? [[String: Any]] ?? [] }
  }

  let directory: URL
  let registry: any Registry

  /// - Parameter registry: nil for one in the directory.
  init(_ registry: (any Registry)? = nil) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "registry-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    isDirectory = registry == nil
    self.registry = try registry ?? DirectoryRegistry(root: directory.appending(path: "registry"))
  }

  private let isDirectory: Bool

  deinit { try? FileManager.default.removeItem(at: directory) }

  func path(_ name: String) -> String { directory.appending(path: name).path }

  @discardableResult
  func file(_ name: String, _ text: String) throws -> String {
    let url = directory.appending(path: name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: directory.appending(path: name), encoding: .utf8)
  }

  /// Runs `tensorfleet` with these arguments, three days from now.
  /// - Parameters:
  ///   - environment: beside the location of the registry.
  ///   - change: what else is to be different around the command.
  func run(
    _ arguments: String..., environment: [String: String] = [:], answer: String? = nil,
    change: (inout Console) -> Void = { _ in }
  ) async -> Outcome {
    await run(arguments: arguments, environment: environment, answer: answer, change: change)
  }

  func run(
    arguments: [String], environment: [String: String] = [:], answer: String? = nil,
    change: (inout Console) -> Void = { _ in }
  ) async -> Outcome {
    let texts = Texts()
    var console = Console(
      results: { texts.output.append($0) }, complaints: { texts.complaints.append(Data($0.utf8)) },
      environment: ["TENSORFLEET_REGISTRY": registry.location].merging(environment) { $1 },
      now: { Date().addingTimeInterval(3 * 86400) })
    if !isDirectory { console.open = { [registry] _ in registry } }
    if let answer {
      console.ask = { question in
        texts.complaints.append(Data(question.utf8))
        return answer
      }
    }
    change(&console)
    let code = await Console.$current.withValue(console) { () async -> Int32 in
      do {
        var command = try await TensorFleetCommand.asyncParseAsRoot(arguments)
        if var asynchronous = command as? any AsyncParsableCommand {
          try await asynchronous.run()
        } else {
          try command.run()
        }
        return 0
      } catch let code as ExitCode {
        return code.rawValue
      } catch {
        texts.complaints.append(Data((TensorFleetCommand.message(for: error) + "\n").utf8))
        return TensorFleetCommand.exitCode(for: error).rawValue
      }
    }
    return Outcome(output: texts.output.text, complaints: texts.complaints.text, code: code)
  }

  /// What a command wrote so far.
  final class Texts: Sendable {
    final class Text: Sendable {
      private let data = Mutex(Data())
      func append(_ more: Data) { data.withLock { $0 += more } }
      var text: String { data.withLock { String(decoding: $0, as: UTF8.self) } }
    }
    let output = Text()
    let complaints = Text()
  }

  // MARK: Things in the registry

  @discardableResult
  func model(
    _ name: String, algorithm: String = "MLP", accuracy: Double? = 0.9, metrics: [String: Double] = [:],
    hyperparameters: [String: String] = [:], dataset: String = "/data/iris.csv", fingerprint: String = "d1",
    bytes: String = "weights", tags: [String] = []
  ) async throws -> ModelRecord {
    let info = ModelInfo(
      name: name, displayName: "\(algorithm)_90.0%_Nov21", algorithm: algorithm, hyperparameters: hyperparameters,
      metrics: metrics.merging(accuracy.map { ["accuracy": $0] } ?? [:]) { $1 }, features: ["a", "b"],
      targetColumn: "y", dataset: dataset, datasetFingerprint: fingerprint, run: UUID().uuidString.lowercased(),
      fingerprint: "f", trainingTime: 1.5, job: "train-\(name)", namespace: "default",
      preprocessing: #"{"columns":["a","b"]}"#)
    let record = try await registry.registerModel(
      ModelDraft(
        info: info,
        files: [
          ModelDraft.File(name: "model.safetensors", data: Data(bytes.utf8)),
          ModelDraft.File(name: "model.onnx", data: Data("onnx of \(bytes)".utf8)),
        ]))
    guard !tags.isEmpty else { return record }
    return try await registry.tagModel(name, version: record.version, adding: tags, removing: [])
  }

  @discardableResult
  func run(
    id: String, job: String = "iris", namespace: String = "default", algorithm: String = "MLP",
    state: String = "Succeeded", ago: Double = 3600, accuracy: Double? = nil, attempt: Int = 0, failure: String? = nil
  ) async throws -> RunRecord {
    // The console's clock is three days ahead.
    let created = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + 3 * 86400 - ago).rounded())
    var record = RunRecord(
      id: id, job: job, namespace: namespace, algorithm: algorithm, hyperparameters: ["C": "1"],
      dataset: "/data/iris.csv", attempt: attempt, state: state, created: created)
    record.finished = state == "Running" ? nil : created.addingTimeInterval(90)
    record.metrics = accuracy.map { ["accuracy": $0, "test_loss": 1 - $0] }
    record.failure = failure
    record.spec = #"{"algorithm":"MLP","epochs":3}"#
    record.host = HostFacts(
      pod: "warm-0", node: "node-a", processor: "Some CPU", processors: 4, memory: 8 << 30, version: "0.1.0")
    try await registry.putRun(record)
    return record
  }

  static func point(
    _ epoch: Int, step: Int, attempt: Int = 0, rank: Int = 0, scope: HistoryPoint.Scope = .epoch,
    _ metrics: [String: Double]
  ) -> HistoryPoint {
    HistoryPoint(
      key: HistoryPoint.Key(attempt: attempt, rank: rank, epoch: epoch, step: step), scope: scope, metrics: metrics,
      time: Date(timeIntervalSince1970: 1_790_000_000))
  }
}
