import Registries

/// Which points of a history go when there is no room for all: a coarse curve remains, to its last point.
enum HistoryThinning {
  /// Points of single steps, the last point left aside: it is never thinned out.
  static func stepPoints(_ points: [HistoryPoint]) -> Int { points.dropLast().count { $0.scope == .step } }

  /// The points of single steps go first, then every other one; the last one stays.
  /// - Returns: fewer points, or the same where there is only one.
  static func thinned(_ points: [HistoryPoint]) -> [HistoryPoint] {
    guard let last = points.last, points.count > 1 else { return points }
    let epochs = points.dropLast().filter { $0.scope == .epoch } + [last]
    if epochs.count < points.count { return epochs }
    return points.enumerated().filter { (points.count - 1 - $0.offset).isMultiple(of: 2) }.map(\.element)
  }
}
