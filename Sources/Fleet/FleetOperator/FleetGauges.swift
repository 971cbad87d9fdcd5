import FleetAPI
import FleetPlan
import KubeRuntime
import KubeTypes

/// Counts of what the caches hold, by state: made when metrics are collected, never labelled by an object's name.
package struct FleetGauges: Sendable {
  package var jobs: [String: Int] = [:]
  package var workers: [String: Int] = [:]
  package var workerDemand = 0

  /// Every state is always there, so that a graph shows a zero where there is one.
  package static let jobStates = ["Queued", "Running", "Reporting", "Suspended", "Completed", "Failed"]
  package static let workerStates = ["starting", "idle", "busy", "draining", "ended", "terminating"]

  package init(_ caches: Caches) {
    for state in Self.jobStates { jobs[state] = 0 }
    for state in Self.workerStates { workers[state] = 0 }
    for job in caches.jobs.store.all { jobs[job.state.isEmpty ? "Queued" : job.state, default: 0] += 1 }
    let busy = Set(caches.tasks.store.all.lazy.filter { $0.occupiesWorker }.map(\.spec.worker.uid))
    for pod in caches.pods.store.all {
      workers[Worker.state(of: pod, isBusy: busy.contains(pod.uid)).name, default: 0] += 1
    }
    workerDemand = caches.pools.store.all.reduce(0) { $0 + ($1.status?.workerDemand ?? 0) }
  }
}

extension FleetGauges {
  /// Writes the counts under their Prometheus names.
  package func export(to gauges: inout CollectedGauges) {
    for (state, count) in jobs {
      gauges.set("tensorfleet_jobs", help: "TrainingJobs by state.", labels: [("state", state)], to: Double(count))
    }
    for (state, count) in workers {
      gauges.set(
        "tensorfleet_workers", help: "Worker pods by state.", labels: [("state", state)], to: Double(count))
    }
    gauges.set(
      "tensorfleet_desired_workers", help: "Workers that running and waiting jobs could use.", to: Double(workerDemand))
  }
}
