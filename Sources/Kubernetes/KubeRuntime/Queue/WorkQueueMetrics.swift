import CoreMetrics

/// The instruments of one work queue, named as client-go names them (`workqueue_*`).
struct WorkQueueMetrics: Sendable {
  let depth: Gauge
  let adds: Counter
  let retries: Counter
  let queueDuration: Timer
  let workDuration: Timer

  init(name: String, factory: any MetricsFactory) {
    let labels = [("name", name)]
    depth = Gauge(label: "workqueue_depth", dimensions: labels, factory: factory)
    adds = Counter(label: "workqueue_adds_total", dimensions: labels, factory: factory)
    retries = Counter(label: "workqueue_retries_total", dimensions: labels, factory: factory)
    queueDuration = Timer(label: "workqueue_queue_duration_seconds", dimensions: labels, factory: factory)
    workDuration = Timer(label: "workqueue_work_duration_seconds", dimensions: labels, factory: factory)
  }
}
