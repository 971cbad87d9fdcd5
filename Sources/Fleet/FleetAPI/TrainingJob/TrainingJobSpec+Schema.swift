extension TrainingJob {
  /// The whole object.
  package static var schema: Schema {
    .kind(
      "A TrainingJob trains a model: what to train, on which data, on which pool of workers. Follow it with `kubectl get "
        + "trainingjobs -w`, wait for it with `kubectl wait --for=condition=Succeeded`.",
      spec: TrainingJobSpec.schema, status: TrainingJobStatus.schema,
      rules: [.nameLength("tasks are named <job>-<attempt>-<rank>")])
  }
}

extension TrainingJobSpec {
  package static var schema: Schema {
    .object(
      "What to train, on which data and workers. Of a running job algorithm, dataset, hyperparameters, epochs, batchSize, "
        + "checkpoint and modelName may be changed, but only the next attempt follows: condition SpecApplied says so.",
      [
        .required(
          "workerPoolName",
          .string(
            "The WorkerPool, of the job's namespace, whose workers train it. Where there is none, the job waits.",
            Limits.objectName, pattern: Pattern.objectName)),
        .optional(
          "priority",
          .int32(
            "Jobs of higher priority are admitted first; among equals the older one. Default: 0.", Limits.priority,
            default: 0)),
        .optional(
          "suspend",
          .boolean(
            "True keeps the job from running, or stops it at its last checkpoint; false lets it go on. Default: false.",
            default: false)),
      ] + TrainingSpec.properties + [
        .optional("workers", WorkerRange.schema),
        .optional(
          "backoffLimit",
          .int32(
            "How many failed attempts are made up for by a new one before the job fails. Failures that another attempt "
              + "cannot mend, such as a missing column, fail it at once. Default: \(defaultBackoffLimit).",
            Limits.backoffLimit, default: defaultBackoffLimit)),
        .optional(
          "activeDeadlineSeconds",
          .int32(
            "Seconds from status.startTime after which the job is stopped and fails with DeadlineExceeded. Default: "
              + "none.", Limits.activeDeadlineSeconds)),
        .optional(
          "ttlSecondsAfterFinished",
          .int32(
            "Seconds from its completion after which the job is deleted; its model stays. Default: it is kept.",
            Limits.ttlSeconds)),
      ])
  }
}

extension WorkerRange {
  package static var schema: Schema {
    .object(
      "How many workers may train the job at once. Default: one.",
      [
        .optional(
          "min",
          .int32(
            "The job is admitted only when this many workers are idle at once. Default: 1.", Limits.workers, default: 1)
        ),
        .optional("max", .int32("The most workers it is given. Default: min.", Limits.workers)),
      ],
      rules: [CELRule("!has(self.max) || !has(self.min) || self.min <= self.max", "min must not be above max")])
  }
}
