import Dispatch
import Foundation
import Synchronization
import WorkerAgent

/// An engine whose steps a test lets through one by one. Its "model" depends on every step that was made, in order.
final class SteppedEngine: TrainingEngine {
  struct State: Codable { var step = 0, value = 1 }

  private let permits = DispatchSemaphore(value: 0)
  let opened = Mutex(0)
  let made = Mutex(0)
  let steps: Int
  let stepsPerEpoch: Int

  /// - Parameter free: steps that may be made at once.
  init(steps: Int = 20, stepsPerEpoch: Int = 5, free: Int = 0) {
    self.steps = steps
    self.stepsPerEpoch = stepsPerEpoch
    allow(free)
  }

  func allow(_ count: Int) { for _ in 0..<count { permits.signal() } }
  func open(_ request: EngineRequest) throws(TrainingFailure) -> any EngineSession {
    opened.withLock { $0 += 1 }
    return Session(self)
  }
  func path(ofDataset uri: String) -> String? { nil }

  private final class Session: EngineSession {
    let engine: SteppedEngine
    var state = State()
    init(_ engine: SteppedEngine) { self.engine = engine }

    var isFinished: Bool { state.step >= engine.steps }
    var progress: EngineProgress {
      var progress = EngineProgress(
        epoch: state.step / engine.stepsPerEpoch, epochs: engine.steps / engine.stepsPerEpoch, step: state.step,
        totalSteps: engine.steps, fraction: Double(state.step) / Double(engine.steps))
      progress.loss = 1 / Double(state.step + 1)
      progress.accuracy = Double(state.step) / Double(engine.steps)
      return progress
    }
    func step() throws(TrainingFailure) {
      engine.permits.wait()
      engine.made.withLock { $0 += 1 }
      state.step += 1
      state.value = (state.value &* 31 &+ state.step) % 1_000_003
    }
    func checkpoint() throws(TrainingFailure) -> Data? { try? JSONEncoder().encode(state) }
    func restore(_ checkpoint: Data) throws(TrainingFailure) {
      guard let saved = try? JSONDecoder().decode(State.self, from: checkpoint) else {
        throw TrainingFailure(reason: "BadCheckpoint", message: "unreadable", retryable: false)
      }
      state = saved
    }
    func finish() throws(TrainingFailure) -> EngineResult {
      EngineResult(
        files: [("model.bin", Data("\(state.value)".utf8))],
        metrics: [("accuracy", 0.952), ("train_loss", 0.125), ("test_accuracy", 0.9), ("broken", .nan)],
        features: ["a"], targetColumn: "b")
    }
  }
}
