import Registries

/// One thing that a worker has to tell the registry.
package enum Report: Sendable {
  case run(RunRecord)
  /// Points of one run.
  case history([HistoryPoint], run: String)
  case checkpoint(Checkpoint)
  case model(ModelDraft)
  /// The run is over: nothing will go on from its checkpoints.
  case checkpointsOver(run: String)

  package enum Kind: String, Sendable, Codable {
    case run, history, checkpoint, model, checkpointsOver
  }

  var kind: Kind {
    switch self {
    case .run: .run
    case .history: .history
    case .checkpoint: .checkpoint
    case .model: .model
    case .checkpointsOver: .checkpointsOver
    }
  }

  var run: String {
    switch self {
    case .run(let record): record.id
    case .history(_, let run), .checkpointsOver(let run): run
    case .checkpoint(let checkpoint): checkpoint.run
    case .model(let draft): draft.info.run
    }
  }

  var attempt: Int? {
    switch self {
    case .run(let record): record.attempt
    case .checkpoint(let checkpoint): checkpoint.attempt
    case .history, .model, .checkpointsOver: nil
    }
  }

  var fingerprint: String? {
    switch self {
    case .checkpoint(let checkpoint): checkpoint.fingerprint
    case .model(let draft): draft.info.fingerprint
    case .run, .history, .checkpointsOver: nil
    }
  }

  var points: [HistoryPoint] { if case .history(let points, _) = self { points } else { [] } }

  /// Bytes in memory, about.
  var bytes: Int {
    switch self {
    case .run(let record): 1024 + (record.spec?.utf8.count ?? 0)
    case .history(let points, _): points.count * Self.pointBytes
    case .checkpoint(let checkpoint): 512 + checkpoint.data.count
    case .model(let draft): 4096 + draft.files.reduce(0) { $0 + $1.data.count }
    case .checkpointsOver: 64
    }
  }

  /// A point with a handful of metrics.
  static let pointBytes = 400
}
