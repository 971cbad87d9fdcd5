import TrainingDefinition

extension TrainingTask {
  /// The whole object.
  package static var schema: Schema {
    .kind(
      "A TrainingTask is one worker's part of a TrainingJob: made by the operator, carried out by the worker, which alone "
        + "writes its status. It is not for people to write.",
      spec: TrainingTaskSpec.schema, status: TrainingTaskStatus.schema)
  }
}

extension TrainingTaskSpec {
  package static var schema: Schema {
    var schema = members
    schema.isAtomic = true  // The operator writes it, nobody else.
    return schema
  }

  private static var members: Schema {
    .object(
      "What the worker is to do. Once it is created only stop and the group may change.",
      [
        .required("jobName", .string("The TrainingJob.", Limits.objectName, pattern: Pattern.objectName)),
        .required("jobUID", .uid("The TrainingJob's UID.")),
        .required("attempt", .int32("Which attempt of the job this is, from 0.", Limits.counter)),
        .optional(
          "member",
          .int32(
            "The task's number among those of its attempt, from 0: given once, also where the rank is taken over.",
            Limits.counter)),
        .required("worker", WorkerReference.schema),
        .required("training", TrainingSpec.schema),
        .required("group", RankGroup.schema),
        .optional("trial", Trial.schema),
        .optional(
          "reportIntervalSeconds",
          .int32(
            "The least time between two reports of mere progress: large pools report less often each.",
            Limits.reportIntervalSeconds)),
        .optional("stop", StopRequest.schema),
      ],
      rules: [
        CELRule(
          "self.jobName == oldSelf.jobName && self.jobUID == oldSelf.jobUID && self.attempt == oldSelf.attempt",
          "jobName, jobUID and attempt are immutable"),
        CELRule(
          "has(self.member) == has(oldSelf.member) && (!has(self.member) || self.member == oldSelf.member)",
          "member is immutable"),
        CELRule("self.worker == oldSelf.worker", "worker is immutable: another worker gets another task"),
        CELRule("self.training == oldSelf.training", "training is immutable: a changed job begins another attempt"),
        CELRule(
          "has(self.trial) == has(oldSelf.trial) && (!has(self.trial) || self.trial == oldSelf.trial)",
          "trial is immutable"),
        CELRule("!has(oldSelf.stop) || has(self.stop)", "stop cannot be taken back"),
      ])
  }
}

extension WorkerReference {
  package static var schema: Schema {
    .object(
      "The worker's pod.",
      [
        .required("name", .string("The pod's name.", Limits.objectName, pattern: Pattern.objectName)),
        .required("uid", .uid("The pod's UID, which tells it from an earlier pod of the same name.")),
      ])
  }
}

extension RankGroup {
  package static var schema: Schema {
    .object(
      "The task's place in the group that trains the job together.",
      [
        .required(
          "generation", .int32("The number of this membership; a new one is a higher one.", Limits.counter)),
        .required("rank", .int32("This worker's place in the group, from 0.", 0...Limits.workers.upperBound - 1)),
        .required("size", .int32("How many ranks there are.", Limits.workers)),
      ],
      rules: [
        CELRule("self.rank < self.size", "rank must be below size"),
        CELRule("self.generation >= oldSelf.generation", "generation must not fall"),
      ])
  }
}

extension Trial {
  package static var schema: Schema {
    .object(
      "One combination of a search's parameters.",
      [
        .required("index", .int32("The trial's number, from 0.", Limits.counter)),
        .optional(
          "fold", .int32("The fold that is left out of training, from 0.", 0...TrainingLimits.folds.upperBound - 1)),
        .required(
          "parameters",
          .list(
            "The trial's values.", of: Hyperparameter.schema, .map(keys: ["name"]),
            count: 0...TrainingLimits.searchParameters.upperBound)),
      ])
  }
}

extension StopRequest {
  package static var schema: Schema {
    .object(
      "Asks the worker to stop: it keeps a checkpoint and reports Stopped.",
      [
        .required(
          "reason",
          .string(
            "Suspended, Draining, DeadlineExceeded or Cancelled.", 1...63, pattern: Pattern.camelCase))
      ])
  }
}

extension Schema {
  /// A UID, as the server gives it.
  static func uid(_ description: String) -> Schema { .string(description, 1...128) }
}
