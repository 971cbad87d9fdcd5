import KubeTypes

/// Who trains one attempt of a job together: the membership of its group, once, and not in every task. Made by the operator
/// for attempts of more than one member; workers read it when their task names a new generation.
package struct TrainingGroup: KubeObject {
  package static let definition = ResourceDefinition(
    group: Fleet.group, version: Fleet.version, plural: "traininggroups", kind: "TrainingGroup")

  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var spec: TrainingGroupSpec

  package init(metadata: ObjectMeta, spec: TrainingGroupSpec) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.spec = spec
  }

  /// The one name of an attempt's group.
  package static func name(job: String, attempt: Int) -> String { "\(job)-\(attempt)" }
}

/// One membership: a new one is a new generation.
package struct TrainingGroupSpec: Sendable, Hashable, Codable {
  package var jobName: String
  package var jobUID: String
  package var attempt: Int
  /// The number of this membership; it only rises.
  package var generation: Int
  /// In the order of their ranks: the first has rank 0.
  package var members: [GroupMember]

  package init(jobName: String, jobUID: String, attempt: Int, generation: Int, members: [GroupMember]) {
    self.jobName = jobName
    self.jobUID = jobUID
    self.attempt = attempt
    self.generation = generation
    self.members = members
  }
}

/// One who trains with others.
package struct GroupMember: Sendable, Hashable, Codable {
  /// The member's number in the attempt, which nobody had before and nobody will have again.
  package var member: Int
  /// The member's task.
  package var task: String
  package var worker: WorkerReference
  /// The IP address of the worker's pod, where it has one.
  package var address: String?

  package init(member: Int, task: String, worker: WorkerReference, address: String? = nil) {
    self.member = member
    self.task = task
    self.worker = worker
    self.address = address
  }
}
