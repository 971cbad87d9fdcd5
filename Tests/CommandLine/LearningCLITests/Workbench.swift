import CommandLineKit
import Foundation
import TestSupport
import TrainingDefinition

@testable import Learning
@testable import LearningCLI

/// Trainings that tests run in a directory of their own.
enum Workbench {
  /// A fresh directory that is removed after `body`.
  static func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "learning-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.path)
  }

  /// The 150 rows of Iris that come with the package.
  static let iris = Repository.root.appending(path: "config/samples/iris.csv").path

  static func request(_ algorithm: String = "DNN", epochs: Int = 4) -> TrainingRequest {
    TrainingRequest(
      algorithm: algorithm, dataset: DatasetRequest(uri: iris, targetColumn: "Species", dropColumns: ["Id"]),
      epochs: epochs)
  }

  /// Runs to the end or to the `stop`th time that the run asks whether it is to end.
  /// - Parameter said: gets what the display writes.
  static func run(
    _ request: TrainingRequest, in directory: String, checkpointInterval: Int? = nil, resumes: Bool = false,
    stop: Int = .max, said: @escaping (String) -> Void = { _ in }
  ) throws -> TrainRun.Outcome {
    var asked = 0
    let display = ProgressDisplay(mode: .plain, style: TextStyle(), columns: { 80 }, write: said)
    return try TrainRun(
      request: request,
      options: .init(directory: directory, checkpointInterval: checkpointInterval, resumes: resumes), display: display,
      interruption: {
        asked += 1
        return asked > stop ? 2 : nil
      }
    ).run()
  }

  static func model(in directory: String) throws -> TrainedModel {
    try TrainedModel(decoding: Data(contentsOf: URL(filePath: directory + "/model.safetensors")))
  }

  static func files(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
  }
}
