extension TrainingTaskStatus {
  package static var schema: Schema {
    var schema = members
    schema.isAtomic = true  // The worker writes it, nobody else.
    return schema
  }

  private static var members: Schema {
    .object(
      "What the worker reports of its task.",
      [
        .required(
          "state",
          .choice(
            "Pending, Running, Reporting where it is trained and its model waits on the worker's disk for the registry, "
              + "Succeeded, Failed, or Stopped where the worker gave the task back.",
            TaskState.allCases.map(\.rawValue))),
        .optional("progressPercentage", .int32("Percent of the training done.", 0...100)),
        .optional("epoch", .int32("Passes over the training data that are complete.", Limits.counter)),
        .optional("step", .int64("Steps made, over all epochs.", Limits.longCounter)),
        .optional("loss", .decimal("The newest training loss, a decimal text.")),
        .optional("accuracy", .decimal("The newest accuracy, from 0 to 1, a decimal text.")),
        .optional("startTime", .time("When the worker took the task up.")),
        .optional("firstStepTime", .time("When the first step was done, to the microsecond.")),
        .optional("completionTime", .time("When the worker was done with it.")),
        .optional("failure", TaskFailure.schema),
        .optional("model", ModelReference.schema),
        .optional("metrics", .metrics),
        .optional("reporting", UnsentReports.schema),
      ])
  }
}

extension UnsentReports {
  package static var schema: Schema {
    .object(
      "What the registry lacks of this task, kept on the worker's disk until it can be sent.",
      [
        .required("reason", .string("Why, in one word for programs.", 1...256, pattern: Pattern.camelCase)),
        .required("message", .string("Why, in a sentence for people.", 0...32_768)),
        .required(
          "pending", .int32("Records, batches of history, checkpoints and models that wait.", Limits.counter)),
      ])
  }
}

extension TaskFailure {
  package static var schema: Schema {
    .object(
      "Why it failed.",
      [
        .required("reason", .string("Why, in one word for programs.", 1...256, pattern: Pattern.camelCase)),
        .required("message", .string("What was wrong, and what would be right.", 0...32_768)),
        .required(
          "retryable", .boolean("True where another attempt may succeed without anybody changing the job.")),
      ])
  }
}
