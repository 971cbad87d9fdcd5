import FleetAPI
import KubeTypes

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

  /// Says in the condition `SpecApplied` what the attempt of `task` does not have.
  static func tell(of task: TrainingTask, _ draft: inout JobDraft) {
    let fields = fields(of: draft.job.effectiveTraining, comparedTo: task.spec.training)
    let known = draft.condition(JobCondition.specApplied)
    if fields.isEmpty {
      if known?.status == .false {
        draft.set(
          JobCondition.specApplied, .true, JobCondition.Reason.specCurrent, "the attempt that runs has this spec")
      }
      return
    }
    let message = message(fields)
    if known?.status != .false || known?.message != message { draft.warn(JobCondition.Reason.specChanged, message) }
    draft.set(JobCondition.specApplied, .false, JobCondition.Reason.specChanged, message)
  }
}
