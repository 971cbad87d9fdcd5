import CoreMetrics

/// The instruments of one controller, named as controller-runtime names them.
struct ControllerMetrics: Sendable {
  let success: Counter
  let requeueAfter: Counter
  /// Conflicts: tried again at once, no error of anybody's.
  let requeue: Counter
  let error: Counter
  let errors: Counter
  let terminalErrors: Counter
  let time: Timer
  let active: Meter

  init(controller: String, factory: any MetricsFactory) {
    let labels = [("controller", controller)]
    func total(_ result: String) -> Counter {
      Counter(
        label: "controller_runtime_reconcile_total", dimensions: labels + [("result", result)], factory: factory)
    }
    success = total("success")
    requeueAfter = total("requeue_after")
    requeue = total("requeue")
    error = total("error")
    errors = Counter(label: "controller_runtime_reconcile_errors_total", dimensions: labels, factory: factory)
    terminalErrors = Counter(
      label: "controller_runtime_terminal_reconcile_errors_total", dimensions: labels, factory: factory)
    time = Timer(label: "controller_runtime_reconcile_time_seconds", dimensions: labels, factory: factory)
    active = Meter(label: "controller_runtime_active_workers", dimensions: labels, factory: factory)
  }
}
