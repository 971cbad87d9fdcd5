#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One job's training, over all its attempts.
package struct RunRecord: Sendable, Hashable, Codable {
  /// The job's UID.
  package var id: String
  package var job: String
  package var namespace: String
  package var algorithm: String
  package var hyperparameters: [String: String]
  package var dataset: String
  /// The attempt that wrote this record last.
  package var attempt: Int
  /// The task's state when this record was written: `Running`, `Succeeded`, …
  package var state: String
  package var created: Date

  package init(
    id: String, job: String, namespace: String, algorithm: String, hyperparameters: [String: String], dataset: String,
    attempt: Int, state: String, created: Date = Date()
  ) {
    self.id = id
    self.job = job
    self.namespace = namespace
    self.algorithm = algorithm
    self.hyperparameters = hyperparameters
    self.dataset = dataset
    self.attempt = attempt
    self.state = state
    self.created = created
  }
}

/// What a rank measured at one point of a run.
package struct HistoryPoint: Sendable, Hashable, Codable {
  /// What makes two points the same one.
  package struct Key: Sendable, Hashable, Comparable, Codable {
    package var attempt: Int
    package var rank: Int
    package var epoch: Int
    package var step: Int

    package init(attempt: Int, rank: Int, epoch: Int, step: Int) {
      self.attempt = attempt
      self.rank = rank
      self.epoch = epoch
      self.step = step
    }

    package static func < (left: Key, right: Key) -> Bool {
      (left.attempt, left.rank, left.epoch, left.step) < (right.attempt, right.rank, right.epoch, right.step)
    }
  }
  package var key: Key
  /// By name: `train_loss`, `test_accuracy`, …
  package var metrics: [String: Double]
  package var time: Date

  package init(key: Key, metrics: [String: Double], time: Date = Date()) {
    self.key = key
    self.metrics = metrics
    self.time = time
  }
}
