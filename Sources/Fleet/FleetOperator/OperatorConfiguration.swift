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
  /// How replicas agree on who acts; nil where there is only this one.
  package var election: Election?

  /// The lease by which replicas agree on who acts.
  package struct Election: Sendable {
    package var namespace: String
    package var name: String
    /// After how long a leader that is silent is replaced.
    package var leaseDuration: Duration

    package init(namespace: String, name: String, leaseDuration: Duration) {
      self.namespace = namespace
      self.name = name
      self.leaseDuration = leaseDuration
    }
  }

  package init(
    namespace: String? = nil, podDefaults: PodDefaults, jobConcurrency: Int = 16, poolConcurrency: Int = 4,
    writesAtOnce: Int = 32, progressInterval: Duration = .seconds(2), identity: String,
    election: Election? = nil
  ) {
    self.namespace = namespace
    self.podDefaults = podDefaults
    self.jobConcurrency = jobConcurrency
    self.poolConcurrency = poolConcurrency
    self.writesAtOnce = writesAtOnce
    self.progressInterval = progressInterval
    self.identity = identity
    self.election = election
  }
}
