import Foundation
import Registries
import WorkerAgent

/// Reports of made-up runs.
enum Made {
  static func point(
    _ epoch: Int, step: Int = 0, attempt: Int = 0, scope: HistoryPoint.Scope = .epoch
  ) -> HistoryPoint {
    HistoryPoint(
      key: HistoryPoint.Key(attempt: attempt, rank: 0, epoch: epoch, step: step), scope: scope,
      metrics: ["train_loss": 1 / Double(epoch + step + 1)], time: Date(timeIntervalSince1970: 1_800_000_000))
  }

  static func record(_ run: String, state: String, attempt: Int = 0) -> RunRecord {
    RunRecord(
      id: run, job: run, namespace: "default", algorithm: "MLP", hyperparameters: [:], dataset: "d", attempt: attempt,
      state: state, created: Date(timeIntervalSince1970: 1_800_000_000))
  }

  static func checkpoint(_ run: String, step: Int, bytes: Int = 100) -> Checkpoint {
    Checkpoint(
      run: run, fingerprint: "f", attempt: 0, epoch: step, step: step,
      created: Date(timeIntervalSince1970: 1_800_000_000), data: Data(repeating: UInt8(step & 255), count: bytes))
  }

  static func model(_ run: String, bytes: Int = 3000) -> ModelDraft {
    ModelDraft(
      info: ModelInfo(
        name: "model-of-\(run)", displayName: run, algorithm: "MLP", dataset: "d", datasetFingerprint: "x", run: run,
        fingerprint: "f"),
      files: [
        ModelDraft.File(name: "model.safetensors", data: Data((0..<bytes).map { UInt8($0 % 251) })),
        ModelDraft.File(name: "empty", data: Data()),
      ])
  }
}

/// A sender whose process can be killed: what it says from then on reaches nobody, and its disk stays as it is.
final class SenderProcess: Sendable {
  let sender: ReportSender
  let faults: FaultPoint
  private let work: Task<Void, Never>

  /// - Parameter dies: after how many steps of writing to disk.
  init(_ registry: any Registry, options: SpoolOptions, dies: Int = .max, refusing: FaultPoint? = nil) {
    let faults = refusing ?? FaultPoint(after: dies)
    self.faults = faults
    let line = FaultyRegistry(registry, isDead: { faults.hasCrashed })
    let sender = ReportSender(registry: line, options: options, log: World.quiet, faults: faults)
    self.sender = sender
    work = Task { await sender.run() }
  }

  /// Ends it as a process is ended that has time left.
  func end() async {
    work.cancel()
    await work.value
  }

  /// Ends it at once.
  func kill() async {
    faults.crash()
    await end()
  }
}
