#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a rank measured at one point of a run.
package struct HistoryPoint: Sendable, Hashable, Codable {
  /// What makes two points the same one.
  package struct Key: Sendable, Hashable, Comparable, Codable {
    package var attempt: Int
    package var rank: Int
    package var epoch: Int
    package var step: Int

    package init(attempt: Int, rank: Int, epoch: Int, step: Int) {
      self.attempt = attempt
      self.rank = rank
      self.epoch = epoch
      self.step = step
    }

    package static func < (left: Key, right: Key) -> Bool {
      (left.attempt, left.rank, left.epoch, left.step) < (right.attempt, right.rank, right.epoch, right.step)
    }
  }
  /// What a point was measured over.
  package enum Scope: String, Sendable, Hashable, Codable {
    /// The whole epoch that ended there.
    case epoch
    /// The single step: one of many that were not written down.
    case step
  }
  package var key: Key
  package var scope: Scope
  /// By name: `train_loss`, `test_accuracy`, …
  package var metrics: [String: Double]
  package var time: Date

  package init(key: Key, scope: Scope = .epoch, metrics: [String: Double], time: Date = Date()) {
    self.key = key
    self.scope = scope
    self.metrics = metrics
    self.time = time
  }

  private enum CodingKeys: CodingKey { case key, scope, metrics, time }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    key = try values.decode(Key.self, forKey: .key)
    // Points were of epochs only once.
    scope = try values.decodeIfPresent(Scope.self, forKey: .scope) ?? .epoch
    metrics = try values.decode([String: Double].self, forKey: .metrics)
    time = try values.decode(Date.self, forKey: .time)
  }
}
