import CommandLineKit
import Foundation
import Testing
import TrainingDefinition

@testable import Learning
@testable import LearningCLI

@Suite struct TrainRunTests {
  @Test func aTrainingLeavesItsFilesAndNothingElse() throws {
    try Workbench.withDirectory { directory in
      let output = directory + "/a/b"
      guard case .finished(let report) = try Workbench.run(Workbench.request(), in: output, checkpointInterval: 1)
      else {
        throw Failure.notFinished
      }
      #expect(try Workbench.files(in: output) == ["curve.svg", "model.onnx", "model.safetensors", "report.json"])
      #expect(report.files["model"] == output + "/model.safetensors")
      let model = try Workbench.model(in: output)
      #expect(model.metrics == report.metrics)
      #expect(try Data(contentsOf: URL(filePath: output + "/model.onnx")) == model.onnxData())
      let data = try Data(contentsOf: URL(filePath: output + "/report.json"))
      let json = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect((json["metrics"] as? [String: Double])?["test_accuracy"] == report.metrics["test_accuracy"])
      #expect((json["history"] as? [[String: Any]])?.count == 4)
      #expect((json["files"] as? [String: String])?.keys.sorted() == ["curve", "model", "onnx", "report"])
      #expect(((json["evaluation"] as? [String: Any])?["test"] as? [String: Any])?["rows"] as? Int == 30)
      #expect((json["dataset"] as? [String: Any])?["uri"] as? String == Workbench.iris)
    }
  }

  @Test(arguments: [0, 1, 7, 13]) func anInterruptedRunGoesOnAsIfNothingHadBeen(stop: Int) throws {
    try Workbench.withDirectory { directory in
      _ = try Workbench.run(Workbench.request(), in: directory + "/whole")
      let parts = directory + "/parts"
      guard case .interrupted(2, let checkpoint) = try Workbench.run(Workbench.request(), in: parts, stop: stop) else {
        throw Failure.notInterrupted
      }
      #expect(checkpoint == parts + "/checkpoint.safetensors")
      #expect(try Workbench.files(in: parts) == ["checkpoint.safetensors"])
      _ = try Workbench.run(Workbench.request(), in: parts, resumes: true)
      let (whole, resumed) = (try Workbench.model(in: directory + "/whole"), try Workbench.model(in: parts))
      #expect(resumed.tensors == whole.tensors)
      let left = try Workbench.files(in: parts)
      #expect(!left.contains("checkpoint.safetensors"))
    }
  }

  @Test func checkpointsAreWrittenAsOftenAsAsked() throws {
    try Workbench.withDirectory { directory in
      // 120 rows in batches of 32 are 4 steps an epoch; the interruption writes one more.
      let stop = 4 * 2 + 1
      var names: [[String]] = []
      let display = ProgressDisplay(mode: .silent, style: TextStyle(), columns: { 80 }, write: { _ in })
      _ = try TrainRun(
        request: Workbench.request(),
        options: .init(directory: directory, checkpointInterval: 2, resumes: false), display: display,
        interruption: {
          names.append((try? Workbench.files(in: directory)) ?? [])
          return names.count > stop ? 2 : nil
        }
      ).run()
      #expect(names[7].isEmpty)
      #expect(names[8] == ["checkpoint.safetensors"])
    }
  }

  @Test func withoutACheckpointThereIsNothingToResume() throws {
    try Workbench.withDirectory { directory in
      #expect(throws: CommandFailure.self) { try Workbench.run(Workbench.request(), in: directory, resumes: true) }
      _ = try Workbench.run(Workbench.request(), in: directory, stop: 3)
      let other = #expect(throws: LearningError.self) {
        try Workbench.run(Workbench.request(epochs: 5), in: directory, resumes: true)
      }
      #expect(other?.reason == "BadCheckpoint")
    }
  }

  @Test func aLogTellsEveryTenthOfTheWay() throws {
    try Workbench.withDirectory { directory in
      var lines: [String] = []
      _ = try Workbench.run(Workbench.request(epochs: 10), in: directory) { lines.append($0) }
      #expect(lines.first == "DNN  Training  0%  epoch 0/10\n")
      #expect(lines.last?.hasPrefix("DNN  Completed  100%  epoch 10/10  loss ") == true)
      #expect(lines.count <= 12)
    }
  }

  @Test func aDivergingTrainingIsAFailureOfTheWork() throws {
    try Workbench.withDirectory { directory in
      var request = Workbench.request()
      request.hyperparameters = ["optimizer": "sgd", "learning_rate": "1e30"]
      var lines: [String] = []
      let error = #expect(throws: LearningError.self) { try Workbench.run(request, in: directory) { lines.append($0) } }
      #expect(error?.reason == "LossDiverged")
      #expect(lines.last?.contains("Failed") == true)
      let left = try Workbench.files(in: directory)
      #expect(left.isEmpty)
    }
  }

  private enum Failure: Error { case notFinished, notInterrupted }
}

@Suite struct AtomicFileTests {
  @Test func filesAreReplacedWhole() throws {
    try Workbench.withDirectory { directory in
      let path = directory + "/file"
      for text in ["first and long", "", "x"] {
        try AtomicFile.write(Data(text.utf8), to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        #expect(try Workbench.files(in: directory) == ["file"])
      }
    }
  }

  @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
    try Workbench.withDirectory { directory in
      try FileManager.default.createDirectory(atPath: directory + "/folder", withIntermediateDirectories: true)
      for path in [directory + "/missing/file", directory + "/folder"] {
        let error = #expect(throws: AtomicFile.Failure.self) { try AtomicFile.write(Data([1]), to: path) }
        #expect(error.map { CommandFailure($0).exitCode } == 2)
        #expect(error?.message.contains(path) == true)
      }
      #expect(try Workbench.files(in: directory) == ["folder"])
    }
  }
}
