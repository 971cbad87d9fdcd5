/// How often a worker tells of mere progress: the larger the fleet, the less often each, so that what the API server has to take
/// of a pool stays the same.
enum ReportInterval {
  /// Reports of progress of a whole pool, a second, at most.
  static let perSecond = 200

  /// Seconds between two reports of one worker; nil where the worker's own second will do.
  static func seconds(workers: Int) -> Int? {
    let seconds = (workers + perSecond - 1) / perSecond
    return seconds > 1 ? seconds : nil
  }
}
