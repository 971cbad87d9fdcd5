import CommandLineKit
import Foundation
import Learning
import TrainingDefinition

/// Trains from the first step to the files on the disk.
struct TrainRun {
  struct Options: Sendable, Equatable {
    /// Where all files go; made where it is missing.
    var directory: String
    /// Epochs between checkpoints; nil: only when interrupted.
    var checkpointInterval: Int?
    /// Whether to start from the directory's checkpoint.
    var resumes: Bool
  }

  enum Outcome: Sendable {
    case finished(TrainReport)
    /// By this signal; the checkpoint's path.
    case interrupted(Int32, checkpoint: String)
  }

  let request: TrainingRequest
  /// Hyperparameters to vary; nil trains one model.
  let search: SearchRequest?
  /// Where the data lies on this machine; nil: where the request says.
  let dataCopy: String?
  let options: Options
  let display: ProgressDisplay
  /// The signal that asks for an end; nil as long as none came.
  let interruption: () -> Int32?
  private let clock = ContinuousClock()

  init(
    request: TrainingRequest, search: SearchRequest? = nil, dataCopy: String? = nil, options: Options,
    display: ProgressDisplay,
    interruption: @escaping () -> Int32?
  ) {
    self.request = request
    self.search = search
    self.dataCopy = dataCopy
    self.options = options
    self.display = display
    self.interruption = interruption
  }

  private var checkpointPath: String { options.directory + "/checkpoint.safetensors" }

  /// - Throws: `CommandFailure`, `LearningError`.
  func run() throws -> Outcome {
    let session = try load()
    // A directory that cannot be made must not be found out after an hour of training.
    try AtomicFile.makeDirectory(options.directory)
    if options.resumes { try session.restore(try savedCheckpoint()) }
    if let number = try train(session) {
      try save(session)
      return .interrupted(number, checkpoint: checkpointPath)
    }
    let model = try session.finish()
    let files = try ModelFiles.write(model, request: request, directory: options.directory)
    // What remains would only invite to resume a run that is over.
    unlink(checkpointPath)
    return .finished(TrainReport(model, request: request, files: files))
  }

  private func load() throws(LearningError) -> any TrainingSession {
    let root = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
    // A checkpoint knows the data by the request's own URI, wherever the copy lies.
    var here = request.dataset
    here.uri = dataCopy ?? here.uri
    if let search {
      let plan = try SearchPlan(checking: request, search)
      return SearchSession(try LocalSearch(plan, try SearchData(here, dataRoot: root)))
    }
    guard dataCopy != nil else { return try Trainer.load(request, dataRoot: root) }
    return try Trainer.load(request, dataset: try DatasetLoader.load(here, dataRoot: root))
  }

  /// Steps to the end.
  /// - Returns: the signal that ended it before, if one did.
  private func train(_ session: any TrainingSession) throws -> Int32? {
    let start = clock.now
    let startFraction = session.progress.fraction
    var shown = start - .seconds(1)
    var epoch = session.progress.epoch
    func show(_ phase: ProgressLine.Phase) {
      display.show(state(session.progress, phase, since: start, at: startFraction))
    }
    do {
      while !session.isFinished {
        if let number = interruption() {
          show(.interrupted)
          return number
        }
        if clock.now - shown >= .milliseconds(100) {
          shown = clock.now
          show(.training)
        }
        try session.step()
        if session.progress.epoch > epoch {
          epoch = session.progress.epoch
          if let interval = options.checkpointInterval, epoch % interval == 0, !session.isFinished { try save(session) }
        }
      }
    } catch {
      show(.failed)
      throw error
    }
    show(.completed)
    return nil
  }

  private func state(
    _ progress: TrainingProgress, _ phase: ProgressLine.Phase, since start: ContinuousClock.Instant,
    at startFraction: Double
  ) -> ProgressLine.State {
    let (seconds, attoseconds) = (clock.now - start).components
    let elapsed = Double(seconds) + Double(attoseconds) * 1e-18
    let done = progress.fraction - startFraction
    // A first guess after two seconds: before it would only flicker.
    let remaining = elapsed > 2 && done > 0.01 ? elapsed / done * (1 - progress.fraction) : nil
    return ProgressLine.State(
      name: request.algorithm, phase: phase, progress: progress, unit: ProgressUnit(algorithm: request.algorithm),
      remaining: remaining)
  }

  private func save(_ session: any TrainingSession) throws {
    try AtomicFile.write(try session.checkpoint(), to: checkpointPath)
  }

  private func savedCheckpoint() throws(CommandFailure) -> Data {
    guard let data = FileManager.default.contents(atPath: checkpointPath) else {
      throw .input("--resume finds no checkpoint at \(checkpointPath); leave it out to begin anew, or name --output")
    }
    return data
  }
}
