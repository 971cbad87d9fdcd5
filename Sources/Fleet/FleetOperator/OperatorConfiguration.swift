import FleetPlan

/// How an operator is to run.
package struct OperatorConfiguration: Sendable {
  /// The namespace to serve; nil serves all.
  package var namespace: String?
  /// What the operator adds to every worker's pod.
  package var podDefaults: PodDefaults
  /// Jobs reconciled at once.
  package var jobConcurrency: Int
  /// Pools reconciled at once.
  package var poolConcurrency: Int
  /// Writes of one pool's plan that are under way at once.
  package var writesAtOnce: Int
  /// The least time between two writes of a job's status that differ only in progress, and of a pool's in counts.
  package var progressInterval: Duration
  /// This process among the replicas of the operator: the pod's name.
  package var identity: String

  package init(
    namespace: String? = nil, podDefaults: PodDefaults, jobConcurrency: Int = 16, poolConcurrency: Int = 4,
    writesAtOnce: Int = 32, progressInterval: Duration = .seconds(2), identity: String
  ) {
    self.namespace = namespace
    self.podDefaults = podDefaults
    self.jobConcurrency = jobConcurrency
    self.poolConcurrency = poolConcurrency
    self.writesAtOnce = writesAtOnce
    self.progressInterval = progressInterval
    self.identity = identity
  }
}
