import CommandLineKit
import Foundation
import Registries
import TrainingDefinition

/// A line of a table for each run.
struct RunTable {
  private let isWide: Bool
  private let hasNamespaces: Bool
  private let idLength: Int
  private let now: Date

  /// Characters of an id that are shown at least, as Git shows of a commit's.
  private static let shortest = 8

  init(_ runs: [RunRecord], isWide: Bool, now: Date) {
    self.isWide = isWide
    self.now = now
    hasNamespaces = isWide || Set(runs.map(\.namespace)).count > 1
    // As many as tell the runs of this table apart; a command takes them.
    let ids = Set(runs.map(\.id))
    let longest = ids.map(\.count).max() ?? 0
    idLength =
      (Self.shortest..<max(Self.shortest + 1, longest)).first { length in
        Set(ids.map { $0.prefix(length) }).count == ids.count
      } ?? longest
  }

  var header: [String] {
    (hasNamespaces ? ["NAMESPACE"] : [])
      + ["JOB", "RUN", "STATE", "ALGORITHM", "ACCURACY", "LOSS", "DATASET", "DURATION", "AGE"]
      + (isWide ? ["ATTEMPT", "NODE", "MODEL"] : [])
  }

  func row(_ run: RunRecord) -> [String] {
    let loss = run.metrics?[MetricName.testLoss] ?? run.metrics?[MetricName.trainLoss] ?? run.metrics?["loss"]
    return (hasNamespaces ? [run.namespace] : []) + [
      run.job, isWide ? run.id : String(run.id.prefix(idLength)), run.state, run.algorithm,
      Figures.metric(run.metrics?[MetricName.accuracy]), Figures.metric(loss),
      isWide ? run.dataset : DatasetLabel.short(run.dataset),
      run.durationText ?? "-", Figures.age(now.timeIntervalSince(run.created)),
    ] + (isWide ? ["\(run.attempt)", run.host?.node ?? "-", run.model ?? "-"] : [])
  }
}
