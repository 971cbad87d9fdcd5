/// The operator's delays, in one place.
enum OperatorDelay {
  /// How long reconciles may go on when leadership ends, before they are cut off.
  static let windDown = Duration.seconds(10)
  /// How long events may still be sent when the controllers have ended.
  static let eventDrain = Duration.seconds(3)
  /// What moves a pool within this time is one reconcile: it looks at all of the pool's jobs, and in a burst there would
  /// be one for each task that ends and each pod that becomes ready.
  static let poolGathering = Duration.milliseconds(5)
  /// What moves a job within this time is one reconcile, where nobody waits for it: of a task that begins and is over by
  /// then only the end is written.
  static let jobGathering = Duration.milliseconds(200)
}
