import FleetAPI

/// At the end of which epochs a checkpoint is kept.
///
/// With `checkpoint.everyEpochs` in the spec: at every such epoch. Without: at the first end of an epoch five seconds or
/// more after the training began or the last checkpoint, so that short trainings pay nothing and long ones lose little.
/// A training that is stopped keeps one in any case; the last epoch's end needs none.
package struct CheckpointPolicy: Sendable {
  package static let quietTime = Duration.seconds(5)
  /// Checkpoints kept a run: the newest, and two to fall back on should it be damaged.
  package static let kept = 3

  private let everyEpochs: Int?
  private var last: Duration

  /// - Parameter start: when the training began, or went on.
  package init(_ spec: CheckpointSpec?, start: Duration) {
    everyEpochs = spec.map { max(1, $0.everyEpochs) }
    last = start
  }

  /// True where a checkpoint is due at the end of this epoch (from 1).
  package mutating func isDue(afterEpoch epoch: Int, at now: Duration) -> Bool {
    let isDue = everyEpochs.map { epoch.isMultiple(of: $0) } ?? (now - last >= Self.quietTime)
    if isDue { last = now }
    return isDue
  }
}
