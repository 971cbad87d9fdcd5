import Foundation
import Registries
import Testing

/// A directory that goes when the test is over.
final class TemporaryDirectory: Sendable {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "tensorfleet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String, _ text: String) throws -> String {
    let path = url.appending(path: name)
    try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: path)
    return path.path
  }
}

/// A back end under test: every suite below runs over each of these.
struct Backend: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// A registry at this place; called twice with one place it gives two clients of one registry, as two processes are.
  let open: @Sendable (TemporaryDirectory) throws -> any Registry

  static let directory = Backend(testDescription: "directory") {
    try DirectoryRegistry(root: $0.url.appending(path: "registry"))
  }
  static let all = TestServer.isThere ? [directory, mongodb] : [directory]
}

func draft(_ name: String, run: String, bytes: String = "weights", fingerprint: String = "f") -> ModelDraft {
  ModelDraft(
    info: ModelInfo(
      name: name, displayName: "MLP_97.0%_Nov21", algorithm: "MLP", hyperparameters: ["hidden": "128"],
      metrics: ["accuracy": 0.97], features: ["a", "b"], targetColumn: "y", dataset: "iris.csv",
      datasetFingerprint: "d", run: run, fingerprint: fingerprint, trainingTime: 1.5),
    files: [ModelDraft.File(name: "model.bin", data: Data(bytes.utf8))])
}

func checkpoint(_ step: Int, run: String = "run", fingerprint: String = "f", data: String? = nil) -> Checkpoint {
  Checkpoint(
    run: run, fingerprint: fingerprint, attempt: 0, epoch: step / 10, step: step,
    created: Date(timeIntervalSince1970: 1_700_000_000), data: Data((data ?? "state \(step)").utf8))
}

func point(_ epoch: Int, attempt: Int = 0, rank: Int = 0, loss: Double = 1) -> HistoryPoint {
  HistoryPoint(
    key: HistoryPoint.Key(attempt: attempt, rank: rank, epoch: epoch, step: epoch * 10),
    metrics: ["train_loss": loss], time: Date(timeIntervalSince1970: 1_700_000_000))
}

func run(_ id: String, state: String = "Running") -> RunRecord {
  RunRecord(
    id: id, job: "iris", namespace: "default", algorithm: "MLP", hyperparameters: [:], dataset: "iris.csv", attempt: 0,
    state: state, created: Date(timeIntervalSince1970: 1_700_000_000))
}
