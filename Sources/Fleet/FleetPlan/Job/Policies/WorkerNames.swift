import FleetAPI

/// The workers of some tasks, as messages name them.
enum WorkerNames {
  /// `worker warm-0`, or `workers warm-0, warm-1, warm-2 and 5 more`.
  static func phrase(_ tasks: [TrainingTask], shown: Int = 3) -> String {
    let names = tasks.map(\.spec.worker.name)
    if names.count == 1 { return "worker \(names[0])" }
    let list = names.prefix(shown).joined(separator: ", ")
    return names.count > shown ? "workers \(list) and \(names.count - shown) more" : "workers \(list)"
  }
}
