import Basics
import KubeTypes

/// A set of warm worker pods.
package struct WorkerPool: KubeObject {
  package static let definition = ResourceDefinition(
    group: Fleet.group, version: Fleet.version, plural: "workerpools", kind: "WorkerPool")

  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var spec: WorkerPoolSpec
  package var status: WorkerPoolStatus?

  package init(metadata: ObjectMeta, spec: WorkerPoolSpec, status: WorkerPoolStatus? = nil) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// What a user asks of a pool: a closed list, not a pod template, so that whoever may write a pool cannot choose a
/// service account or a host path.
package struct WorkerPoolSpec: Sendable, Hashable, Codable {
  /// Workers wanted. A person or an autoscaler writes it, through the scale subresource or here; the operator never.
  package var replicas: Int
  /// The workers' image; the operator's default where it is not given.
  package var image: String?
  package var imagePullPolicy: String?
  package var imagePullSecrets: [LocalObjectReference]?
  package var args: [String]?
  package var env: [EnvVar]?
  package var resources: ResourceRequirements?
  package var nodeSelector: [String: String]?
  package var tolerations: [Toleration]?
  package var topologySpreadConstraints: [TopologySpreadConstraint]?
  package var priorityClassName: String?
  /// A claim mounted read-only at the workers' data directory.
  package var dataClaimName: String?
  package var autoscaling: AutoscalingSpec?
  /// Workers that a change of spec may make unavailable at once: a count, or a share such as `10%`.
  package var maxUnavailable: CountOrShare?
  /// How long a worker that is to go may take to hand back its task.
  package var drainTimeoutSeconds: Int

  package init(replicas: Int = 1) {
    self.replicas = replicas
    drainTimeoutSeconds = Self.defaultDrainTimeoutSeconds
  }

  package static let defaultDrainTimeoutSeconds = 300

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    replicas = try container.decodeIfPresent(Int.self, forKey: .replicas) ?? 1
    image = try container.decodeIfPresent(String.self, forKey: .image)
    imagePullPolicy = try container.decodeIfPresent(String.self, forKey: .imagePullPolicy)
    imagePullSecrets = try container.decodeIfPresent([LocalObjectReference].self, forKey: .imagePullSecrets)
    args = try container.decodeIfPresent([String].self, forKey: .args)
    env = try container.decodeIfPresent([EnvVar].self, forKey: .env)
    resources = try container.decodeIfPresent(ResourceRequirements.self, forKey: .resources)
    nodeSelector = try container.decodeIfPresent([String: String].self, forKey: .nodeSelector)
    tolerations = try container.decodeIfPresent([Toleration].self, forKey: .tolerations)
    topologySpreadConstraints = try container.decodeIfPresent(
      [TopologySpreadConstraint].self, forKey: .topologySpreadConstraints)
    priorityClassName = try container.decodeIfPresent(String.self, forKey: .priorityClassName)
    dataClaimName = try container.decodeIfPresent(String.self, forKey: .dataClaimName)
    autoscaling = try container.decodeIfPresent(AutoscalingSpec.self, forKey: .autoscaling)
    maxUnavailable = try container.decodeIfPresent(CountOrShare.self, forKey: .maxUnavailable)
    drainTimeoutSeconds =
      try container.decodeIfPresent(Int.self, forKey: .drainTimeoutSeconds) ?? Self.defaultDrainTimeoutSeconds
  }
}

/// Bounds and metrics of the autoscaler that the operator makes for a pool.
package struct AutoscalingSpec: Sendable, Hashable, Codable {
  package var minReplicas: Int
  package var maxReplicas: Int
  /// As in `autoscaling/v2`; passed on as they are.
  package var metrics: [JSONValue]?
  package var behavior: JSONValue?

  package init(minReplicas: Int, maxReplicas: Int, metrics: [JSONValue]? = nil, behavior: JSONValue? = nil) {
    self.minReplicas = minReplicas
    self.maxReplicas = maxReplicas
    self.metrics = metrics
    self.behavior = behavior
  }
}

/// What the operator has seen of a pool.
package struct WorkerPoolStatus: Sendable, Hashable, Codable {
  package var observedGeneration: Int64?
  /// Pods that are neither finished nor being deleted.
  package var replicas: Int
  package var readyReplicas: Int
  /// Ready workers that have a task.
  package var busyReplicas: Int
  /// Workers that finish or hand back their task before they go.
  package var drainingReplicas: Int
  /// Workers that running and waiting jobs could use now: what autoscaling follows.
  package var workerDemand: Int
  /// The pods' label selector, for the scale subresource.
  package var selector: String
  package var conditions: [Condition]

  package init() {
    replicas = 0
    readyReplicas = 0
    busyReplicas = 0
    drainingReplicas = 0
    workerDemand = 0
    selector = ""
    conditions = []
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    observedGeneration = try container.decodeIfPresent(Int64.self, forKey: .observedGeneration)
    replicas = try container.decodeIfPresent(Int.self, forKey: .replicas) ?? 0
    readyReplicas = try container.decodeIfPresent(Int.self, forKey: .readyReplicas) ?? 0
    busyReplicas = try container.decodeIfPresent(Int.self, forKey: .busyReplicas) ?? 0
    drainingReplicas = try container.decodeIfPresent(Int.self, forKey: .drainingReplicas) ?? 0
    workerDemand = try container.decodeIfPresent(Int.self, forKey: .workerDemand) ?? 0
    selector = try container.decodeIfPresent(String.self, forKey: .selector) ?? ""
    conditions = try container.decodeIfPresent([Condition].self, forKey: .conditions) ?? []
  }
}

/// Condition types and reasons of a pool.
package enum PoolCondition {
  package static let ready = "Ready"
  package enum Reason {
    package static let allReady = "AllWorkersReady"
    package static let starting = "WorkersStarting"
    package static let invalidSpec = "InvalidSpec"
  }
}
