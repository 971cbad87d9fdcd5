import Basics
import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What trains: the worker's view of the learning library, which tests replace by one whose every step they decide.
package protocol TrainingEngine: Sendable {
  /// Loads the data and prepares the first step. Called on the thread that then makes the steps.
  func open(_ request: EngineRequest) throws(TrainingFailure) -> any EngineSession
  /// The file or directory that a data set's URI leads to; nil for data that is made, not read.
  func path(ofDataset uri: String) -> String?
}

/// One training in progress. Lives on one thread.
package protocol EngineSession {
  var progress: EngineProgress { get }
  var isFinished: Bool { get }
  /// Makes one step: a batch, a tree, or whatever the algorithm has between two points where it may be stopped.
  func step() throws(TrainingFailure)
  /// The state after the last step; nil for an algorithm that keeps none.
  func checkpoint() throws(TrainingFailure) -> Data?
  /// Goes back to the state of a checkpoint.
  /// - Throws: where it is damaged or of another training; the session is as good as new then.
  func restore(_ checkpoint: Data) throws(TrainingFailure)
  /// The trained model and how good it is; only once finished.
  func finish() throws(TrainingFailure) -> EngineResult
}

/// What to train: the task's spec after names are resolved and text is read.
package struct EngineRequest: Sendable {
  package var training: TrainingRequest
  /// Hyperparameters to vary; nil trains one model. A task that is one trial of a search has none.
  package var search: SearchRequest?

  package init(training: TrainingRequest, search: SearchRequest? = nil) {
    self.training = training
    self.search = search
  }

  package var hyperparameters: [String: String] { training.hyperparameters }
  /// A path, or a URI that needs no registry.
  package var datasetURI: String { training.dataset.uri }
}

/// How far a training is.
package struct EngineProgress: Sendable, Equatable {
  /// Passes over the data that are complete.
  package var epoch: Int
  package var epochs: Int
  /// Steps made, over all epochs.
  package var step: Int
  package var totalSteps: Int
  package var loss: Double?
  package var accuracy: Double?
  package var testLoss: Double?
  package var testAccuracy: Double?
  /// The share done, 0 to 1.
  package var fraction: Double

  package init(epoch: Int = 0, epochs: Int = 0, step: Int = 0, totalSteps: Int = 0, fraction: Double = 0) {
    self.epoch = epoch
    self.epochs = epochs
    self.step = step
    self.totalSteps = totalSteps
    self.fraction = fraction
  }

  /// Whole percent done; 100 is kept for a training whose model is registered.
  package var percentage: Int { min(99, max(0, Int(fraction * 100))) }
}

/// A trained model.
package struct EngineResult: Sendable {
  /// The model with its preprocessing; the first file is the one that its reference leads to.
  package var files: [(name: String, data: Data)]
  /// Final metrics by name, in the order to show.
  package var metrics: [(name: String, value: Double)]
  package var features: [String]
  package var targetColumn: String?
  /// What is done to a row before the model sees it, as JSON.
  package var preprocessing: String?

  package init(
    files: [(name: String, data: Data)], metrics: [(name: String, value: Double)], features: [String],
    targetColumn: String?, preprocessing: String? = nil
  ) {
    self.files = files
    self.metrics = metrics
    self.features = features
    self.targetColumn = targetColumn
    self.preprocessing = preprocessing
  }

  package subscript(metric name: String) -> Double? { metrics.first { $0.name == name }?.value }
}

/// Why a training cannot go on, as the task's status will say it.
package struct TrainingFailure: Error, Sendable, Equatable {
  /// CamelCase, stable.
  package var reason: String
  package var message: String
  /// True where another attempt may succeed without anybody changing the job.
  package var retryable: Bool

  package init(reason: String, message: String, retryable: Bool) {
    self.reason = reason
    self.message = message
    self.retryable = retryable
  }
}
