import Basics
import KubeTypes

/// What the worker reports of its task.
package struct TrainingTaskStatus: Sendable, Hashable, Codable {
  package var state: TaskState
  package var progressPercentage: Int?
  /// Passes over the training data that are complete.
  package var epoch: Int?
  /// Steps made, over all epochs.
  package var step: Int?
  package var loss: String?
  package var accuracy: String?
  package var startTime: Timestamp?
  /// When the first step was done, to the microsecond: latency is measured by it.
  package var firstStepTime: MicroTimestamp?
  package var completionTime: Timestamp?
  package var failure: TaskFailure?
  package var model: ModelReference?
  package var metrics: [Metric]?
  /// What the registry lacks of this task, and why; nil where it has all.
  package var reporting: UnsentReports?

  package init(state: TaskState) { self.state = state }
}

/// What a worker could not bring to the registry yet.
package struct UnsentReports: Sendable, Hashable, Codable {
  /// Why, CamelCase, stable: `RegistryUnavailable`.
  package var reason: String
  /// Why, for people; changes only when the reason does.
  package var message: String
  /// How many records, batches of history, checkpoints and models wait on the worker's disk.
  package var pending: Int
  package init(reason: String, message: String, pending: Int) {
    self.reason = reason
    self.message = message
    self.pending = pending
  }
}

/// Why a task failed.
package struct TaskFailure: Sendable, Hashable, Codable {
  /// CamelCase, stable: what programs read.
  package var reason: String
  /// What people read: the field, the value, and what would be right.
  package var message: String
  /// True where another attempt may succeed without anybody changing the job.
  package var retryable: Bool
  package init(reason: String, message: String, retryable: Bool) {
    self.reason = reason
    self.message = message
    self.retryable = retryable
  }
}
