extension WorkerPool {
  /// The whole object.
  package static var schema: Schema {
    .kind(
      "A WorkerPool is a set of warm workers: pods that wait for the training jobs of their namespace. Scale it with "
        + "`kubectl scale workerpool`.",
      spec: WorkerPoolSpec.schema, status: WorkerPoolStatus.schema,
      rules: [.nameLength("pods are named <pool>-<index>")])
  }
}

extension WorkerPoolSpec {
  package static var schema: Schema {
    .object(
      "How many workers there shall be, and what their pods are like. A closed list: who may write a pool chooses neither "
        + "service account nor host paths.",
      [
        .optional(
          "replicas",
          .int32(
            "Workers wanted. People write it, or an autoscaler through the scale subresource; the operator never does. "
              + "Default: 1.", Limits.replicas, default: 1)),
        .optional("image", .string("The workers' image. Default: what the operator was started with.", Limits.image)),
        .optional(
          "imagePullPolicy",
          .choice(
            "When the image is pulled. Default: Always for the tag latest, else IfNotPresent.",
            Self.imagePullPolicies)),
        .optional(
          "imagePullSecrets",
          .list(
            "Secrets, of the pool's namespace, for pulling the image.",
            of: .object(
              "A reference to a secret.",
              [.required("name", .string("The secret's name.", Limits.objectName, pattern: Pattern.objectName))]),
            .map(keys: ["name"]), count: Limits.imagePullSecrets)),
        .optional(
          "args",
          .list(
            "More arguments for the worker.", of: .string("An argument.", Limits.argument), count: Limits.args)),
        .optional(
          "env",
          .list(
            "More environment for the worker.", of: .environmentVariable, .map(keys: ["name"]), count: Limits.env)),
        .optional("resources", .resources),
        .optional(
          "nodeSelector",
          .map(
            "Labels that a worker's node must have.", of: .string("The label's value.", Limits.labelValue),
            count: Limits.labels)),
        .optional(
          "tolerations",
          .list("Taints of nodes that workers put up with.", of: .toleration, count: Limits.tolerations)),
        .optional(
          "topologySpreadConstraints",
          .list(
            "How workers are spread over zones and nodes.", of: .topologySpreadConstraint,
            .map(keys: ["topologyKey", "whenUnsatisfiable"]), count: Limits.topologySpread)),
        .optional(
          "priorityClassName",
          .string("The PriorityClass of the workers' pods.", Limits.objectName, pattern: Pattern.objectName)),
        .optional(
          "dataClaimName",
          .string(
            "A PersistentVolumeClaim, of the pool's namespace, mounted read-only at the workers' data directory.",
            Limits.objectName, pattern: Pattern.objectName)),
        .optional("autoscaling", AutoscalingSpec.schema),
        .optional(
          "maxUnavailable",
          Schema(
            shape: .intOrString(pattern: Pattern.countOrPercent),
            description:
              "Workers that a change of the spec may make unavailable at once: a count from 1, or a percentage of "
              + "replicas, rounded up. Workers with a task in hand are waited for. Default: 10%.")),
        .optional(
          "drainTimeoutSeconds",
          .int32(
            "Seconds that a worker which is to go may take to hand back its task. Default: "
              + "\(defaultDrainTimeoutSeconds).", Limits.drainTimeoutSeconds, default: defaultDrainTimeoutSeconds)),
      ])
  }

  static let imagePullPolicies = ["Always", "IfNotPresent", "Never"]
}

extension AutoscalingSpec {
  package static var schema: Schema {
    .object(
      "Has the operator make and own a HorizontalPodAutoscaler that writes replicas. Without it nothing scales the pool "
        + "but you.",
      [
        .required("minReplicas", .int32("The fewest workers.", Limits.autoscaledReplicas)),
        .required("maxReplicas", .int32("The most workers.", Limits.autoscaledReplicas)),
        .optional(
          "metrics",
          .list(
            "What to follow, as in autoscaling/v2. Default: the workers that running and waiting jobs could use.",
            of: .anyObject("A metric, as in autoscaling/v2."), count: Limits.scalingMetrics)),
        .optional("behavior", .anyObject("How fast to scale up and down, as in autoscaling/v2.")),
      ],
      rules: [CELRule("self.minReplicas <= self.maxReplicas", "minReplicas must not be above maxReplicas")])
  }
}

extension WorkerPoolStatus {
  package static var schema: Schema {
    func count(_ description: String) -> Schema { .int32(description, Limits.counter) }
    return .object(
      "What the operator has seen of the pool.",
      [
        .optional("observedGeneration", .observedGeneration),
        .optional("replicas", count("Workers there are: pods neither finished nor being deleted.")),
        .optional("readyReplicas", count("Workers that are ready.")),
        .optional("busyReplicas", count("Ready workers that have a task.")),
        .optional("drainingReplicas", count("Workers that finish or hand back their task before they go.")),
        .optional(
          "workerDemand", count("Workers that running and waiting jobs could use now: what autoscaling follows.")),
        .optional("selector", .string("The pods' label selector, for the scale subresource.", 0...1_024)),
        .optional("conditions", .conditions("Ready is True while every wanted worker is ready.")),
      ])
  }
}
