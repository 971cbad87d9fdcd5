import Basics
import FleetAPI
import KubeTypes
import Registries
import TrainingDefinition

extension TrainingTaskSpec {
  /// What the registry keeps this training under: the job's UID, and for a trial of its search which one it is.
  package var run: String {
    guard let trial else { return jobUID }
    return "\(jobUID)-trial-\(trial.index)" + (trial.fold.map { "-fold-\($0)" } ?? "")
  }

  /// The model's name in the registry.
  package var modelName: String { training.modelName ?? jobName }

  /// Equal for two tasks that train the same thing: a checkpoint or a model of one serves the other then. How often
  /// checkpoints are kept and what the model is called make no difference.
  /// - Parameter datasetVersion: the version of a registry's data set; nil for other data.
  package func fingerprint(datasetVersion: String?) -> String {
    var bare = training
    bare.checkpoint = nil
    bare.modelName = nil
    let parts = Parts(training: bare, trial: trial, datasetVersion: datasetVersion)
    // A spec that came as JSON can be written as JSON.
    return SHA256.hex(of: (try? JSON.encode(parts)).map(Array.init) ?? Array(String(describing: parts).utf8))
  }

  private struct Parts: Encodable {
    var training: TrainingSpec
    var trial: Trial?
    var datasetVersion: String?
  }
}
