import FleetAPI
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
    let search = request.search
    let layers = request.layers.isEmpty ? nil : request.layers.map { LayerRequest($0) }
    do {
      let request = TrainingRequest(
        algorithm: request.algorithm, hyperparameters: request.hyperparameters,
        dataset: try DatasetRequest(request), epochs: request.epochs, batchSize: request.batchSize, layers: layers)
      guard let search else { return LearningSession(try Trainer.load(request, dataRoot: dataRoot)) }
      return LearningSession(try Trainer.load(request, search: try SearchRequest(search), dataRoot: dataRoot))
    } catch { throw TrainingFailure(error) }
  }

  package func path(ofDataset uri: String) -> String? {
    guard case .path(let path)? = try? DatasetLocation.resolve(uri, dataRoot: dataRoot) else { return nil }
    return path
  }
}

extension DatasetRequest {
  init(_ request: EngineRequest) throws(LearningError) {
    let words: [FleetAPI.MissingValues: Learning.MissingValues] = [
      .impute: .impute, .dropRows: .dropRows, .error: .error,
    ]
    guard let missingValues = words[request.missingValues] else {
      throw .invalidRequest(
        field: "dataset.missingValues", value: request.missingValues.rawValue,
        expected: FleetAPI.MissingValues.all.map(\.rawValue).joined(separator: ", "))
    }
    self.init(
      uri: request.datasetURI, format: request.format, header: request.header, targetColumn: request.targetColumn,
      dropColumns: request.dropColumns, missingValues: missingValues, testFraction: request.testFraction,
      stratified: request.stratified, seed: request.seed)
  }
}

extension SearchRequest {
  init(_ search: SearchSpec) throws(LearningError) {
    let objective = try search.objective.map { name throws(LearningError) in try SearchObjective.named(name) }
    self.init(
      parameters: search.parameters.map { Parameter(name: $0.name, values: $0.values) }, folds: search.folds,
      objective: objective ?? .accuracy)
  }
}

extension LayerRequest {
  init(_ layer: FleetAPI.Layer) {
    // A rate that is no number is refused by the layer's own check, which names it.
    self.init(
      type: layer.type, units: layer.units, filters: layer.filters, kernel: layer.kernel, size: layer.size,
      rate: layer.rate.map { Double($0) ?? .nan }, activation: layer.activation)
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
      var files = [(name: "model.safetensors", data: try model.encoded())]
      // For other programs. Our own model is there where a part of it has no counterpart in ONNX.
      if let onnx = try? model.onnxData() { files.append((name: "model.onnx", data: onnx)) }
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
