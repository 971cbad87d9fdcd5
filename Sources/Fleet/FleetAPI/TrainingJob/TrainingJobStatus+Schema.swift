import Basics
import KubeTypes

extension TrainingJobStatus {
  package static var schema: Schema {
    var schema = members
    schema.isAtomic = true  // The operator writes it, nobody else.
    schema.defaultValue = unseen
    return schema
  }

  /// The status of a job that the operator has not seen yet, filled in by the server: who looks at a job that was just
  /// made, or whose operator is down, reads that it waits. (As the Gateway API does it.)
  private static let unseen: JSONValue = [
    "conditions": [
      [
        "type": .string(JobCondition.succeeded), "status": "Unknown", "reason": .string(JobCondition.Reason.queued),
        "message": "not taken up by the operator yet", "lastTransitionTime": "1970-01-01T00:00:00Z",
      ]
    ]
  ]

  private static var members: Schema {
    .object(
      "What the operator has seen of the job.",
      [
        .optional("observedGeneration", .observedGeneration),
        .optional(
          "conditions",
          .conditions(
            "Succeeded is the summary: Unknown while the job is active, with a reason such as Queued, Running, "
              + "Suspended or Reporting, then True or False for good. Admitted says whether workers are assigned, Suspended whether the "
              + "job is held, SpecApplied whether the running attempt trains the spec as it now is, Reported whether the "
              + "registry has its model and history.")),
        .optional("progressPercentage", .int32("Percent of the training done.", 0...100)),
        .optional("epoch", .int32("Passes over the training data that are complete.", Limits.counter)),
        .optional("loss", .decimal("The newest training loss, a decimal text.")),
        .optional(
          "accuracy",
          .decimal("The newest accuracy, from 0 to 1, a decimal text: on test data, or training data within an epoch.")),
        .optional("workers", .int32("Workers that train the job now.", 0...Limits.workers.upperBound)),
        .optional(
          "restarts", .int32("Attempts that failed and were made up for by another.", Limits.counter)),
        .optional(
          "attempt",
          .int32(
            "The number of the current attempt, from 0. It also rises when a worker hands its task back, which is no "
              + "failure.", Limits.counter)),
        .optional("startTime", .time("When the job was first admitted since it was created or last resumed.")),
        .optional("completionTime", .time("When the job succeeded or failed.")),
        .optional("model", ModelReference.schema),
        .optional("metrics", .metrics),
        .optional("failure", TaskFailure.schema),
      ])
  }
}

extension ModelReference {
  package static var schema: Schema {
    .object(
      "The model that was made, in the registry.",
      [
        .required("name", .string("The model's name.", 1...256)),
        .required("version", .string("Its version under that name.", 1...128)),
        .optional("displayName", .string("A name for people, such as RandomForest_95.2%_Dec16.", 1...256)),
        .optional("id", .string("The registry's own identifier.", 1...256)),
        .optional("uri", .string("Where the model lies, for a registry that is a directory.", 1...4_096)),
      ])
  }
}

extension Metric {
  package static var schema: Schema {
    .object(
      "A named number.",
      [
        .required("name", .string("The metric's name, such as test_accuracy.", 1...128)),
        .required("value", .string("Its value, a decimal text.", 0...64)),
      ])
  }
}

extension Schema {
  /// Final metrics, of a job or a task.
  static var metrics: Schema {
    .list("Final metrics by their names.", of: Metric.schema, .map(keys: ["name"]), count: 0...256)
  }
}
