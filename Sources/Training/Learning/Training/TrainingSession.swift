import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One training run, taken step by step so that its owner can report, stop, save and go on between any two steps.
///
/// Synchronous and CPU-bound: keep it on a thread of its own. Not Sendable; it owns the memory it computes in.
package protocol TrainingSession: AnyObject {
  /// How far the run is.
  var progress: TrainingProgress { get }
  /// Epochs completed so far.
  var history: [EpochRecord] { get }
  /// Whether all steps are made.
  var isFinished: Bool { get }
  /// Makes one step: one mini-batch, one iteration of L-BFGS, some rounds on a few pairs of classes of an SVM, some trees
  /// of a forest, or some nodes of a tree. Does nothing once finished.
  /// - Throws: `lossDiverged`; the session then holds the last good parameters, those at the end of the last epoch of a
  ///   network or before the iteration of L-BFGS, and can still be saved and finished.
  func step() throws(LearningError)
  /// Everything that decides the rest of the run. A session restored from it walks on bit by bit as this one would.
  /// - Throws: `badCheckpoint` where the state cannot be written.
  func checkpoint() throws(LearningError) -> Data
  /// Continues from a checkpoint of the same request on the same data.
  /// - Throws: `badCheckpoint`; the session is then unchanged.
  func restore(_ data: Data) throws(LearningError)
  /// Evaluates on training and test data and makes the model. May be called before the last step.
  func finish() throws(LearningError) -> TrainedModel
}

/// Opens training sessions.
package enum Trainer {
  /// Checks the request, loads its data, and prepares the first step.
  /// - Parameter dataRoot: where relative data set paths start.
  /// - Throws: every error of `LearningError` but those of steps, checkpoints and models.
  package static func load(_ request: TrainingRequest, dataRoot: URL) throws(LearningError) -> any TrainingSession {
    let (algorithm, hyperparameters) = try request.checked()
    let dataset = try DatasetLoader.load(request.dataset, dataRoot: dataRoot)
    return try session(request, algorithm, hyperparameters, dataset: dataset)
  }

  /// A session on data that is already loaded; `request.dataset` only enters the checkpoint's fingerprint.
  package static func load(_ request: TrainingRequest, dataset: Dataset) throws(LearningError) -> any TrainingSession {
    let (algorithm, hyperparameters) = try request.checked()
    return try session(request, algorithm, hyperparameters, dataset: dataset)
  }

  private static func session(
    _ request: TrainingRequest, _ algorithm: Algorithm, _ hyperparameters: Hyperparameters, dataset: Dataset
  ) throws(LearningError) -> any TrainingSession {
    let plan = TrainingPlan(
      request: request, algorithm: algorithm, hyperparameters: hyperparameters, dataset: dataset)
    switch algorithm {
    case .logisticRegression: return LogisticSession(plan)
    case .svm: return try SupportVectorSession(plan, blas: try Blas.load())
    case .mlp, .dnn, .cnn, .lstm: return try NetworkSession(plan)
    case .decisionTree: return DecisionTreeSession(plan)
    case .randomForest: return ForestSession(plan)
    }
  }
}

extension TrainingRequest {
  /// As `validated`, with the trainer's own kind of error.
  func checked() throws(LearningError) -> (Algorithm, Hyperparameters) {
    try LearningError.asking { () throws(TrainingProblem) in try validated() }
  }
}
