import Foundation
import Logging
import Synchronization
import TestSupport
import Testing
import TrainingDefinition
import WorkerAgent

@Suite struct LearningEngineTests {
  final class Lines: Sendable {
    let all = Mutex<[String]>([])
  }

  struct RecordingLog: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.all.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
  }

  /// An SVM that may make no step has no support vectors, and ONNX has no such machine.
  @Test func `a model without a file for ONNX is delivered and the log says why`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = (0..<20).map { "\($0),\($0 < 10 ? "no" : "yes")\n" }.joined()
    try Data(("a,y\n" + rows).utf8).write(to: folder.appending(path: "t.csv"))
    for (most, files) in [("0", ["model.safetensors"]), ("-1", ["model.safetensors", "model.onnx"])] {
      let lines = Lines()
      let engine = LearningEngine(dataRoot: folder, log: Logger(label: "test") { _ in RecordingLog(lines: lines) })
      let request = EngineRequest(
        training: TrainingRequest(
          algorithm: "SVM", hyperparameters: ["max_iter": most],
          dataset: DatasetRequest(uri: "t.csv", targetColumn: "y")))
      let session = try engine.open(request)
      while !session.isFinished { try session.step() }
      #expect(try session.finish().files.map(\.name) == files)
      #expect(lines.all.withLock { $0.contains { $0.contains("no support vectors") } } == (files.count == 1))
    }
  }
}
