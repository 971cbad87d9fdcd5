import Basics
import CommandLineKit
import Foundation
import KubeTypes
import Registries

/// An attempt of a run.
struct RunView: Codable, Equatable {
  var id: String
  var job: String
  var namespace: String
  var attempt: Int
  var state: String
  var algorithm: String
  var hyperparameters: [String: String]
  var dataset: String
  var datasetFingerprint: String?
  var created: String
  var finished: String?
  var durationSeconds: Double?
  var metrics: [String: Double]?
  var model: String?
  var failure: String?
  var host: HostFacts?
  /// The training specification; only of a single run.
  var spec: JSONValue?
  /// Every attempt, the first one first; only of a single run.
  var attempts: [RunView]?

  init(_ run: RunRecord) {
    id = run.id
    job = run.job
    namespace = run.namespace
    attempt = run.attempt
    state = run.state
    algorithm = run.algorithm
    hyperparameters = run.hyperparameters
    dataset = run.dataset
    datasetFingerprint = run.datasetFingerprint
    created = run.created.rfc3339
    finished = run.finished?.rfc3339
    durationSeconds = run.duration
    metrics = run.metrics
    model = run.model
    failure = run.failure
    host = run.host
  }

  /// A run with all its attempts.
  init(attempts: [RunRecord], newest: RunRecord) {
    self.init(newest)
    spec = JSONValue(embedded: newest.spec)
    self.attempts = attempts.map(RunView.init)
  }
}

extension RunRecord {
  /// Seconds that the attempt took; nil where it is not over.
  var duration: Double? { finished.map { max(0, $0.timeIntervalSince(created)) } }

  /// The same for people. A registry may keep whole seconds only, so that none is not as short as it seems.
  var durationText: String? { duration.map { $0 == 0 ? "<1 s" : Figures.duration($0) } }
}

extension JSONValue {
  /// The value that a text of JSON holds; a text that is none stands for itself.
  init?(embedded text: String?) {
    guard let text else { return nil }
    self = (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .string(text)
  }
}

/// A point of a run's history.
struct PointView: Codable, Equatable {
  var attempt: Int
  var rank: Int
  var epoch: Int
  var step: Int
  /// `epoch` or `step`: what the metrics were measured over.
  var scope: String
  var metrics: [String: Double]
  var time: String

  init(_ point: HistoryPoint) {
    attempt = point.key.attempt
    rank = point.key.rank
    epoch = point.key.epoch
    step = point.key.step
    scope = point.scope.rawValue
    metrics = point.metrics
    time = point.time.rfc3339
  }
}
