// Parts of the pod API, as far as a pool passes them on.
extension Schema {
  static var environmentVariable: Schema {
    .object(
      "An environment variable: a value, or where it is taken from.",
      [
        .required(
          "name",
          .string("The variable's name.", Limits.environmentName, pattern: Pattern.environmentName)),
        .optional("value", .string("Its value.", Limits.environmentValue)),
        .optional(
          "valueFrom",
          .object(
            "Where the kubelet takes the value from: exactly one of these.",
            [
              .optional(
                "fieldRef",
                .object(
                  "A field of the pod.",
                  [.required("fieldPath", .string("The field, such as status.podIP.", 1...512))])),
              .optional("secretKeyRef", .keyReference("secret")),
              .optional("configMapKeyRef", .keyReference("config map")),
            ],
            rules: [
              CELRule(
                "[has(self.fieldRef), has(self.secretKeyRef), has(self.configMapKeyRef)].filter(x, x).size() == 1",
                "exactly one of fieldRef, secretKeyRef and configMapKeyRef must be set")
            ])),
      ],
      rules: [
        CELRule("!(has(self.value) && has(self.valueFrom))", "value and valueFrom must not both be set"),
        CELRule(
          "!(self.name in [\(Fleet.Environment.reserved.map { "'\($0)'" }.joined(separator: ", "))])",
          "this variable is set by the operator"),
        URIPassword.rule,
      ])
  }

  private static func keyReference(_ kind: String) -> Schema {
    .object(
      "A key of a \(kind) of the pool's namespace.",
      [
        .required("name", .string("The \(kind)'s name.", Limits.objectName, pattern: Pattern.objectName)),
        .required("key", .string("The key.", 1...253)),
        .optional("optional", .boolean("True where the \(kind) or its key may be missing.")),
      ])
  }

  static var resources: Schema {
    func amounts(_ description: String) -> Schema {
      .map(description, of: .quantity("An amount, such as 500m or 2Gi."), count: Limits.resources)
    }
    return .object(
      "Compute resources of a worker.",
      [
        .optional("requests", amounts("What a worker is sure to get, by resource: cpu, memory. Default: limits.")),
        .optional("limits", amounts("What a worker may use at most, by resource.")),
      ])
  }

  static var toleration: Schema {
    .object(
      "A taint that is put up with.",
      [
        .optional("key", .string("The taint's key. Without it, and operator Exists: every taint.", Limits.labelKey)),
        .optional(
          "operator", .choice("Exists, or Equal to value. Default: Equal.", WorkerPoolSpec.tolerationOperators)),
        .optional("value", .string("The taint's value, for Equal.", Limits.labelValue)),
        .optional(
          "effect",
          .choice("The taint's effect. Without it: every effect.", WorkerPoolSpec.taintEffects)),
        .optional(
          "tolerationSeconds",
          .int64("For NoExecute: seconds until the pod goes. Default: it stays.", Limits.counter)),
      ])
  }

  static var topologySpreadConstraint: Schema {
    .object(
      "How far counts of workers may differ between topology domains.",
      [
        .required("maxSkew", .int32("The greatest difference between two domains.", Limits.maxSkew)),
        .required(
          "topologyKey",
          .string(
            "The label of nodes that names the domain, such as topology.kubernetes.io/zone.", Limits.labelKey,
            pattern: Pattern.labelKey)),
        .required(
          "whenUnsatisfiable", .choice("What to do where it cannot be kept.", WorkerPoolSpec.unsatisfiableActions)),
        .optional(
          "labelSelector",
          .object(
            "Which pods are counted. Default: the pool's.",
            [
              .optional(
                "matchLabels",
                .map(
                  "Labels that a pod must have.", of: .string("The label's value.", Limits.labelValue),
                  count: Limits.labels))
            ])),
      ])
  }
}

extension WorkerPoolSpec {
  static let tolerationOperators = ["Exists", "Equal"]
  static let taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]
  static let unsatisfiableActions = ["DoNotSchedule", "ScheduleAnyway"]
}

extension Fleet.Environment {
  /// Set by the operator from the pod itself; a pool may not set them.
  package static let reserved = [podName, podUID, namespace, nodeName]
}
