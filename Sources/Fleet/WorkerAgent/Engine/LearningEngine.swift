import Learning
import Logging
import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The engine of the product: the Learning module.
package struct LearningEngine: TrainingEngine {
  private let dataRoot: URL
  private let log: Logger

  /// - Parameters:
  ///   - dataRoot: where relative data set paths start.
  ///   - log: told what a model lacks.
  package init(dataRoot: URL, log: Logger = Logger(label: "engine")) {
    self.dataRoot = dataRoot
    self.log = log
  }

  package func open(_ request: EngineRequest) throws(TrainingFailure) -> any EngineSession {
    do {
      let session: any TrainingSession =
        if let search = request.search {
          try Trainer.load(request.training, search: search, dataRoot: dataRoot)
        } else {
          try Trainer.load(request.training, dataRoot: dataRoot)
        }
      return LearningSession(session, log)
    } catch { throw TrainingFailure(error) }
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
  private let log: Logger

  init(_ session: any TrainingSession, _ log: Logger) {
    self.session = session
    self.log = log
  }

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
      var files = [(name: "model.safetensors", data: try model.encoded())]
      // For other programs. A model of which a part has no counterpart in ONNX is delivered without.
      do { files.append((name: "model.onnx", data: try model.onnxData())) } catch {
        log.warning("the model is delivered without model.onnx", metadata: ["why": "\(error)"])
      }
      return EngineResult(
        files: files, metrics: Self.ordered(model.metrics),
        features: preprocessing.featureNames, targetColumn: preprocessing.targetColumn,
        preprocessing: (try? Self.encoder.encode(preprocessing)).map { String(decoding: $0, as: UTF8.self) })
    } catch { throw TrainingFailure(error) }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  private static func ordered(_ metrics: [String: Double]) -> [(name: String, value: Double)] {
    let order = MetricName.ofModels
    let names = order.filter { metrics[$0] != nil } + metrics.keys.filter { !order.contains($0) }.sorted()
    return names.compactMap { name in metrics[name].map { (name, $0) } }
  }
}
