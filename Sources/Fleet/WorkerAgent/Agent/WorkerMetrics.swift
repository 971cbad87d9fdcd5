import Metrics

/// A worker's instruments, by the names that dashboards know.
struct WorkerMetrics: Sendable {
  /// From a task's take-up to its end, however it ended.
  let taskDuration = Timer(label: "worker_task_duration_seconds")
  let tasksCompleted = Counter(label: "worker_tasks_completed_total")
  let tasksFailed = Counter(label: "worker_tasks_failed_total")
}
