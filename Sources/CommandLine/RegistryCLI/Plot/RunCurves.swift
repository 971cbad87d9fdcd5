import Registries

/// The curves of a run, out of its history; pure.
struct RunCurves {
  struct Point: Equatable {
    var x: Double
    var y: Double
  }

  struct Series: Equatable {
    /// `train`, `test`, or the metric's whole name where it is of neither.
    var name: String
    /// Whether the points are single steps, of many that were not written down.
    var isSampled: Bool
    /// By ascending x.
    var points: [Point]
  }

  struct Panel: Equatable {
    /// `loss`, `accuracy`.
    var metric: String
    var series: [Series]
  }

  var panels: [Panel]
  /// What x counts: `epoch`, or `step` where no epoch was ever over.
  var unit: String

  /// - Parameter metrics: `loss` for train and test, `train_loss` for that alone; empty for loss and accuracy, or for all that
  ///   there are where there are neither.
  init(_ history: [HistoryPoint], metrics wanted: [String] = []) {
    let points = Self.continuous(history)
    let epochs = points.filter { $0.scope == .epoch && $0.key.epoch > 0 }
    unit = epochs.isEmpty ? "step" : "epoch"
    let stepsPerEpoch = epochs.map { Double($0.key.step) / Double($0.key.epoch) }.max() ?? 0
    func x(_ point: HistoryPoint) -> Double? {
      if epochs.isEmpty { return Double(point.key.step) }
      if point.scope == .epoch { return Double(point.key.epoch) }
      return stepsPerEpoch > 0 ? Double(point.key.step) / stepsPerEpoch : nil
    }
    let names = Set(points.flatMap(\.metrics.keys))
    panels = Self.families(of: names, wanted).map { family in
      var series: [Series] = []
      // Samples first: what is drawn later covers them.
      for scope in [HistoryPoint.Scope.step, .epoch] {
        for name in names.filter({ Self.family($0) == family && Self.isWanted($0, wanted) }).sorted(by: Self.trainFirst)
        {
          let line = points.filter { $0.scope == scope }.compactMap { point in
            point.metrics[name].flatMap { value in x(point).map { Point(x: $0, y: value) } }
          }
          if line.isEmpty { continue }
          series.append(
            Series(name: Self.role(name) ?? name, isSampled: scope == .step, points: line.sorted { $0.x < $1.x }))
        }
      }
      return Panel(metric: family, series: series)
    }
  }

  /// One line through all attempts: what an attempt did again, after it went on from a checkpoint, stands in place of what was
  /// lost. Ranks of a group measure the same, so the lowest speaks for all.
  private static func continuous(_ history: [HistoryPoint]) -> [HistoryPoint] {
    var line: [HistoryPoint] = []
    for (_, points) in Dictionary(grouping: history, by: \.key.attempt).sorted(by: { $0.key < $1.key }) {
      let rank = points.map(\.key.rank).min()
      let own = points.filter { $0.key.rank == rank }
      guard let first = own.map(\.key.step).min() else { continue }
      line.removeAll { $0.key.step >= first }
      line += own
    }
    return line
  }

  // MARK: Names of metrics

  private static let roles = ["train", "test", "validation", "val"]

  /// `train` of train_loss.
  private static func role(_ name: String) -> String? { roles.first { name.hasPrefix($0 + "_") } }

  /// `loss` of train_loss.
  private static func family(_ name: String) -> String {
    role(name).map { String(name.dropFirst($0.count + 1)) } ?? name
  }

  private static func isWanted(_ name: String, _ wanted: [String]) -> Bool {
    wanted.isEmpty || wanted.contains(name) || wanted.contains(family(name))
  }

  private static func families(of names: Set<String>, _ wanted: [String]) -> [String] {
    let all = Set(names.filter { isWanted($0, wanted) }.map(family))
    let first = ["loss", "accuracy"].filter(all.contains)
    return wanted.isEmpty && !first.isEmpty ? first : first + all.subtracting(first).sorted()
  }

  private static func trainFirst(_ left: String, _ right: String) -> Bool {
    let places = [left, right].map { role($0).flatMap(roles.firstIndex) ?? roles.count }
    return places[0] == places[1] ? left < right : places[0] < places[1]
  }
}
