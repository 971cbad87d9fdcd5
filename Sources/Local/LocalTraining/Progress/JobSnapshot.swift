import FleetAPI
import KubeTypes
import TrainingDefinition

/// What a line of progress says of one job.
package struct JobSnapshot: Sendable, Hashable {
  package enum Outcome: Sendable, Hashable {
    case active
    case succeeded
    case failed
  }

  package var name: String
  /// The STATUS column of `kubectl get`: `Running`.
  package var state: String
  package var outcome: Outcome
  package var percent: Int
  package var epoch: Int?
  /// Epochs in all; nil for an algorithm that ends when it is done.
  package var epochs: Int?
  /// Decimal text, as the job's status has it.
  package var loss: String?
  package var accuracy: String?
  package var workers: Int
  package var restarts: Int
  /// Why the job waits, or why it failed.
  package var message: String?

  package init(
    name: String, state: String, outcome: Outcome = .active, percent: Int = 0, epoch: Int? = nil, epochs: Int? = nil,
    loss: String? = nil, accuracy: String? = nil, workers: Int = 0, restarts: Int = 0, message: String? = nil
  ) {
    self.name = name
    self.state = state
    self.outcome = outcome
    self.percent = percent
    self.epoch = epoch
    self.epochs = epochs
    self.loss = loss
    self.accuracy = accuracy
    self.workers = workers
    self.restarts = restarts
    self.message = message
  }

  package init(_ job: TrainingJob) {
    let status = job.status
    let summary = status?.conditions[type: JobCondition.succeeded]
    self.init(
      name: job.namespace == "default" ? job.name : "\(job.namespace)/\(job.name)",
      state: job.state.isEmpty ? "Created" : job.state,
      outcome: job.hasSucceeded ? .succeeded : job.hasFailed ? .failed : .active,
      percent: job.hasSucceeded ? 100 : status?.progressPercentage ?? 0, epoch: status?.epoch,
      epochs: job.spec.training.algorithm.known?.isNetwork == true ? job.spec.training.epochs : nil,
      loss: status?.loss, accuracy: status?.accuracy,
      workers: job.isFinished ? 0 : status?.workers ?? 0, restarts: status?.restarts ?? 0)
    let isWaiting = !job.isFinished && (status?.workers ?? 0) == 0
    if job.hasFailed || isWaiting {
      let why = job.state == JobCondition.Reason.reporting ? JobCondition.reported : JobCondition.admitted
      message = job.hasFailed ? summary?.message : status?.conditions[type: why]?.message ?? summary?.message
    }
  }
}
