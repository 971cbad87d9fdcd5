import Learning

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The engine of the product: the Learning module.
package struct LearningEngine: TrainingEngine {
  private let dataRoot: URL

  /// - Parameter dataRoot: where relative data set paths start.
  package init(dataRoot: URL) { self.dataRoot = dataRoot }

  package func open(_ request: EngineRequest) throws(TrainingFailure) -> any EngineSession {
    let request = TrainingRequest(
      algorithm: request.algorithm, hyperparameters: request.hyperparameters,
      dataset: DatasetRequest(
        uri: request.datasetURI, format: request.format, targetColumn: request.targetColumn,
        dropColumns: request.dropColumns, testFraction: request.testFraction, seed: request.seed),
      epochs: request.epochs, batchSize: request.batchSize)
    do { return LearningSession(try Trainer.load(request, dataRoot: dataRoot)) } catch {
      throw TrainingFailure(error)
    }
  }

  package func path(ofDataset uri: String) -> String? {
    guard case .path(let path)? = try? DatasetLocation.resolve(uri, dataRoot: dataRoot) else { return nil }
    return path
  }
}

extension TrainingFailure {
  init(_ error: LearningError) {
    self.init(reason: error.reason, message: error.message, retryable: error.retryable)
  }
}

private struct LearningSession: EngineSession {
  private let session: any TrainingSession
  init(_ session: any TrainingSession) { self.session = session }

  var isFinished: Bool { session.isFinished }

  var progress: EngineProgress {
    let now = session.progress
    var progress = EngineProgress(
      epoch: now.epoch, epochs: now.epochs, step: now.totalSteps, totalSteps: now.epochs * now.stepsPerEpoch,
      fraction: now.fraction)
    progress.loss = now.loss
    progress.accuracy = now.accuracy
    progress.testLoss = now.testLoss
    progress.testAccuracy = now.testAccuracy
    return progress
  }

  func step() throws(TrainingFailure) {
    do { try session.step() } catch { throw TrainingFailure(error) }
  }

  func checkpoint() throws(TrainingFailure) -> Data? {
    do { return try session.checkpoint() } catch { throw TrainingFailure(error) }
  }

  func restore(_ checkpoint: Data) throws(TrainingFailure) {
    do { try session.restore(checkpoint) } catch { throw TrainingFailure(error) }
  }

  func finish() throws(TrainingFailure) -> EngineResult {
    do {
      let model = try session.finish()
      let preprocessing = model.description.preprocessing
      return EngineResult(
        files: [(name: "model.safetensors", data: try model.encoded())], metrics: Self.ordered(model.metrics),
        features: preprocessing.featureNames, targetColumn: preprocessing.targetColumn)
    } catch { throw TrainingFailure(error) }
  }

  private static let order = [
    "accuracy", "precision", "recall", "f1_score", "log_loss", "roc_auc", "train_accuracy", "test_accuracy",
    "train_loss", "test_loss",
    "training_time",
  ]

  private static func ordered(_ metrics: [String: Double]) -> [(name: String, value: Double)] {
    let names = order.filter { metrics[$0] != nil } + metrics.keys.filter { !order.contains($0) }.sorted()
    return names.compactMap { name in metrics[name].map { (name, $0) } }
  }
}
