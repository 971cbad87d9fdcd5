import Basics
import Logging
import Registries

/// What a model's record says of the data that it was trained on.
enum DatasetFingerprint {
  /// The version where there is one, else the hash of the content; of generated data the hash of its address, which says all of it.
  ///
  /// Reads all of a file, on a thread of its own.
  /// - Returns: nil where the data cannot be read any more: no lineage is better than a wrong one. The log says why.
  static func of(_ plan: PreparedTraining, _ engine: any TrainingEngine, log: Logger) async -> String? {
    if let version = plan.datasetVersion { return version }
    let uri = plan.request.datasetURI
    guard let path = engine.path(ofDataset: uri) else { return SHA256.hex(of: Array(uri.utf8)) }
    do {
      return try await SystemThread.run { try contentVersion(of: path) }
    } catch {
      log.warning(
        "the data set cannot be hashed; the model's record does not say what it was trained on",
        metadata: ["why": "\(error)"])
      return nil
    }
  }
}
