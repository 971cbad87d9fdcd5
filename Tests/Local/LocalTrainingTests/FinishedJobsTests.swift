import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeTypes
import Registries
import TestSupport
import Testing

@testable import LocalPods
@testable import LocalTraining

/// What users and their scripts read of a finished job: its spec, its status and its events, word for word, for the samples
/// and for bad input of every kind. `Tests/Reference/FinishedJobs` holds them; `TENSORFLEET_RECORD=1` writes them anew, and
/// what that changes belongs into CHANGELOG.md.
@Suite struct FinishedJobsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String?
    var algorithm = "LogisticRegression"
    var dataset = "{uri: data.csv, targetColumn: label}"
    var rest = ""
    /// A manifest of config/samples, in place of all that.
    var sample: String?
    var testDescription: String { name }

    var manifest: String {
      """
      apiVersion: tensorfleet.io/v1alpha1
      kind: TrainingJob
      metadata: {name: job}
      spec:
        workerPoolName: warm
        algorithm: \(algorithm)
        dataset: \(dataset)
      \(rest.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      """
    }
  }

  private static let iris = "{uri: iris.csv, targetColumn: Species, dropColumns: [Id]}"
  private static let twoClasses = "a,label\n1,x\n2,y\n3,x\n4,y\n5,x\n"

  static let cases = [
    Case(name: "sample-iris", sample: "trainingjob-iris.yaml"),
    Case(name: "sample-digits", sample: "trainingjob-digits.yaml"),
    Case(name: "decision-tree", algorithm: "DecisionTree", dataset: iris, rest: "modelName: flowers"),
    Case(
      name: "random-forest", algorithm: "RandomForest", dataset: iris,
      rest: "hyperparameters: [{name: n_estimators, value: '20'}]"),
    Case(name: "svm", algorithm: "SVM", dataset: iris),
    Case(
      name: "dnn-of-own-layers", algorithm: "DNN", dataset: iris,
      rest: "epochs: 5\nlayers: [{type: dense, units: 8, activation: relu}]"),
    Case(
      name: "search", dataset: iris,
      rest: "search: {parameters: [{name: C, values: ['0.1', '1']}], folds: 3, objective: Accuracy}"),
    Case(
      name: "unknown-hyperparameter", file: twoClasses, rest: "hyperparameters: [{name: lerning_rate, value: '1'}]"),
    Case(name: "hyperparameter-out-of-range", file: twoClasses, rest: "hyperparameters: [{name: C, value: '-1'}]"),
    Case(name: "missing-target-column", file: "a,b\n1,2\n3,4\n"),
    Case(name: "unreadable-file", dataset: "{uri: no-such.csv, targetColumn: label}", rest: "backoffLimit: 0"),
    Case(name: "ragged-line", file: "a,label\n1,x\n2\n3,y\n"),
    Case(
      name: "text-where-a-number-must-be",
      file: "a,label\n" + (0..<40).map { "\($0),\($0 % 2 == 0 ? "x" : "y")\n" }.joined() + "oops,x\n"),
    Case(name: "one-class", file: "a,label\n1,x\n2,x\n3,x\n4,x\n5,x\n"),
    Case(name: "zero-rows", file: "a,label\n"),
    Case(name: "unreadable-file-retried", dataset: "{uri: no-such.csv, targetColumn: label}", rest: "backoffLimit: 1"),
  ]

  @Test(arguments: cases) func readsAsItAlwaysDid(_ example: Case) async throws {
    let text = try await Self.finish(example)
    let reference = Repository.root.appending(path: "Tests/Reference/FinishedJobs/\(example.name).txt")
    if ProcessInfo.processInfo.environment["TENSORFLEET_RECORD"] != nil {
      try Data(text.utf8).write(to: reference)
    }
    #expect(text == (try String(contentsOf: reference, encoding: .utf8)))
  }

  /// Trains a case's job on a fleet of one worker, and tells what is left of it.
  private static func finish(_ example: Case) async throws -> String {
    let folder = try PrivateDirectory(prefix: "tensorfleet-finished")
    let samples = Repository.root.appending(path: "config/samples")
    try FileManager.default.copyItem(
      at: samples.appending(path: "iris.csv"), to: URL(filePath: folder.path).appending(path: "iris.csv"))
    if let content = example.file { try Data(content.utf8).write(to: URL(filePath: "\(folder.path)/data.csv")) }
    let manifest = try example.sample.map { try String(contentsOf: samples.appending(path: $0), encoding: .utf8) }
    let objects = try ManifestReader.read(text: manifest ?? example.manifest, file: "job.yaml")
      .map { DatasetPaths.resolve($0, dataDirectory: folder.path) }
    let fleet = try LocalFleet(
      registry: try openRegistry("\(folder.path)/registry"), dataRoot: URL(filePath: folder.path))
    try await LocalInstaller(client: fleet.client, workers: 1)
      .install(objects, LocalInstaller.additions(for: objects, workers: 1))
    let work = Task { await fleet.run() }
    defer { work.cancel() }
    var job: TrainingJob?
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
      job = try await fleet.client.resource(TrainingJob.self).listAll().items.first
      // The last condition to come says that the registry has everything.
      if let job, job.isFinished, job.hasFailed || job.status?.conditions[type: "Reported"]?.status == .true { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    let finished = try #require(job)
    // Events are written beside the status.
    try await Task.sleep(for: .milliseconds(300))
    let events = try await fleet.client.resource(Event.self).listAll().items
      .filter { $0.involvedObject.uid == finished.uid }
    work.cancel()
    await work.value
    return try Self.story(of: finished, events).replacing(folder.path, with: "FOLDER")
  }

  /// Spec, status and events as text, without what is another each time: times, days, identifiers, and whether a short job's
  /// assignment was told before it was over.
  private static func story(of job: TrainingJob, _ events: [Event]) throws -> String {
    let object = try JSON.value(of: job)
    let body = JSONValue.object(["spec": object["spec"] ?? .null, "status": object["status"] ?? .null])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let lines = events.filter { $0.reason != "Admitted" }
      .map { "\($0.type ?? "") \($0.reason ?? "") ×\($0.count ?? 1): \($0.message ?? "")" }
    let text = String(decoding: try encoder.encode(masked(body)), as: UTF8.self)
    return rounded(([text] + lines.sorted()).joined(separator: "\n") + "\n")
  }

  /// The last digits of a measure are the CPU's: a machine with other vector instructions sums in another order.
  private static func rounded(_ text: String) -> String {
    text.replacing(/\d+\.\d{3,}/) { match in
      "≈" + (Double(match.output).map { String(format: "%.2f", $0) } ?? String(match.output))
    }
  }

  private static func masked(_ value: JSONValue, key: String = "") -> JSONValue {
    switch value {
    case .object(var members):
      // A job that failed at once may never have been seen running.
      members["startTime"] = nil
      if members["name"] == .string("training_time") { members["value"] = .string("SECONDS") }
      return .object(Dictionary(uniqueKeysWithValues: members.map { ($0.key, masked($0.value, key: $0.key)) }))
    case .array(let items): return .array(items.map { masked($0) })
    case .string where key.hasSuffix("Time"): return .string("TIME")
    case .string where key == "id": return .string("ID")
    // It ends with the day: LogisticRegression_96.7%_Nov27.
    case .string(let text) where key == "displayName":
      return .string(text.split(separator: "_").dropLast().joined(separator: "_") + "_DAY")
    default: return value
    }
  }
}
