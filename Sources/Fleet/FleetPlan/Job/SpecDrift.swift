import FleetAPI

/// What a job's spec now says otherwise than the attempt that runs.
package enum SpecDrift {
  /// Names of the training fields that differ, in the spec's order.
  package static func fields(of job: TrainingSpec, comparedTo running: TrainingSpec) -> [String] {
    var names: [String] = []
    if job.algorithm != running.algorithm { names.append("algorithm") }
    if job.dataset != running.dataset { names.append("dataset") }
    if job.hyperparameters != running.hyperparameters { names.append("hyperparameters") }
    if job.layers != running.layers { names.append("layers") }
    if job.search != running.search { names.append("search") }
    if job.epochs != running.epochs { names.append("epochs") }
    if job.batchSize != running.batchSize { names.append("batchSize") }
    if job.checkpoint != running.checkpoint { names.append("checkpoint") }
    if job.modelName != running.modelName { names.append("modelName") }
    return names
  }

  package static func message(_ fields: [String]) -> String {
    "\(fields.joined(separator: ", ")) changed while the job runs; the running attempt keeps the spec it began with, "
      + "the next one has the new: suspend and resume the job to begin it"
  }
}
