extension TrainingGroup {
  /// The whole object.
  package static var schema: Schema {
    .kind(
      "A TrainingGroup says who trains one attempt of a TrainingJob together. The operator alone writes it, workers read it; it "
        + "is not for people to write.",
      spec: TrainingGroupSpec.schema)
  }
}

extension TrainingGroupSpec {
  package static var schema: Schema {
    var schema = members
    schema.isAtomic = true  // The operator writes it, nobody else.
    return schema
  }

  private static var members: Schema {
    .object(
      "One membership of the group.",
      [
        .required("jobName", .string("The TrainingJob.", Limits.objectName, pattern: Pattern.objectName)),
        .required("jobUID", .uid("The TrainingJob's UID.")),
        .required("attempt", .int32("Which attempt of the job this is, from 0.", Limits.counter)),
        .required("generation", .int32("The number of this membership; a new one is a higher one.", Limits.counter)),
        .required(
          "members",
          .list(
            "Who is in it, in the order of ranks: the first has rank 0.", of: GroupMember.schema,
            count: 1...Limits.workers.upperBound)),
      ],
      rules: [
        CELRule(
          "self.jobName == oldSelf.jobName && self.jobUID == oldSelf.jobUID && self.attempt == oldSelf.attempt",
          "jobName, jobUID and attempt are immutable"),
        CELRule("self.generation >= oldSelf.generation", "generation must not fall"),
      ])
  }
}

extension GroupMember {
  package static var schema: Schema {
    .object(
      "One member.",
      [
        .required("member", .int32("Its number in the attempt, which is given once.", Limits.counter)),
        .required("task", .string("Its TrainingTask.", Limits.objectName, pattern: Pattern.objectName)),
        .required("worker", WorkerReference.schema),
        .optional("address", .string("The IP address of the worker's pod.", 1...45)),
      ])
  }
}
