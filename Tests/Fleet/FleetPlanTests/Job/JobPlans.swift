import Basics
import FleetAPI
import FleetPlan
import KubeTypes

/// The worker that a job's tasks are on where nothing else is said.
let pod = makePod(0)

/// The plan for a job of which all but a little is as usual.
func plan(
  _ job: TrainingJob, tasks: [TrainingTask] = [], pool: WorkerPool?? = nil, live: Set<String> = ["pod-uid-0"],
  errors: [String] = [], after seconds: Double = 0
) -> JobPlan {
  JobPlanner.plan(
    JobWorld(
      job: job, tasks: tasks, pool: pool ?? makePool(), liveWorkers: live,
      specFailure: errors.isEmpty
        ? nil : TaskFailure(reason: "InvalidSpec", message: errors.joined(separator: "; "), retryable: false),
      now: start.adding(seconds: seconds)))
}
