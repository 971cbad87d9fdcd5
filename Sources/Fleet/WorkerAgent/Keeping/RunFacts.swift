import Basics
import Fetching
import FleetAPI
import KubeRuntime
import KubeTypes
import Registries
import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the registry is told of an attempt and of its model.
struct RunFacts: Sendable {
  private let task: TrainingTask
  private let host: HostFacts
  private let clock: any RuntimeClock
  /// When the attempt began.
  var begun: Timestamp?
  /// What the data is known by: a version of the registry, or a hash of its content; nil where it could not be told.
  var datasetFingerprint: String?

  init(_ task: TrainingTask, host: HostFacts, clock: any RuntimeClock) {
    self.task = task
    self.host = host
    self.clock = clock
    begun = task.status?.startTime
  }

  /// The data as the job names it, without what is secret in an address.
  private var dataset: String {
    let dataset = task.spec.training.dataset
    return dataset.name ?? dataset.uri.map { shownAddress($0) } ?? ""
  }

  /// The record of the attempt as the task now stands.
  func record(_ status: TrainingTaskStatus) -> RunRecord {
    let training = task.spec.training
    var record = RunRecord(
      id: task.spec.run, job: task.spec.jobName, namespace: task.namespace, algorithm: training.algorithm.rawValue,
      hyperparameters: Dictionary(training.hyperparameters.map { ($0.name, $0.value) }) { $1 }, dataset: dataset,
      attempt: task.spec.attempt, state: status.state.rawValue, created: Self.date(begun ?? clock.wallTime))
    record.datasetFingerprint = datasetFingerprint
    record.spec = spec
    record.host = host
    if status.state.isFinished { record.finished = Self.date(status.completionTime ?? clock.wallTime) }
    if let metrics = status.metrics {
      record.metrics = Dictionary(metrics.compactMap { metric in Double(metric.value).map { (metric.name, $0) } }) {
        $1
      }
    }
    record.model = status.model.map { "\($0.name)/\($0.version)" }
    record.failure = status.failure.map { "\($0.reason): \($0.message)" }
    return record
  }

  private var spec: String? {
    var training = task.spec.training
    training.dataset.uri = training.dataset.uri.map { shownAddress($0) }
    return (try? JSON.encode(training)).map { String(decoding: Array($0), as: UTF8.self) }
  }

  /// The trained model, to be registered.
  func draft(_ result: EngineResult, _ plan: PreparedTraining) -> ModelDraft {
    let spec = task.spec
    let info = ModelInfo(
      name: spec.modelName,
      displayName: ModelNaming.displayName(
        algorithm: spec.training.algorithm.rawValue, accuracy: result[metric: MetricName.accuracy], time: clock.wallTime
      ),
      algorithm: spec.training.algorithm.rawValue, hyperparameters: plan.request.hyperparameters,
      metrics: Dictionary(result.metrics.filter(\.value.isFinite).map { ($0.name, $0.value) }) { $1 },
      features: result.features, targetColumn: result.targetColumn, dataset: dataset,
      datasetFingerprint: datasetFingerprint ?? "", run: spec.run, fingerprint: plan.fingerprint,
      trainingTime: result[metric: MetricName.trainingTime] ?? 0, job: spec.jobName, namespace: task.namespace,
      preprocessing: result.preprocessing)
    return ModelDraft(info: info, files: result.files.map { ModelDraft.File(name: $0.name, data: $0.data) })
  }

  private static func date(_ time: Timestamp) -> Date { Date(timeIntervalSince1970: time.secondsSince1970) }
}
