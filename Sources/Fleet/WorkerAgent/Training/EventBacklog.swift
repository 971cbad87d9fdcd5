/// What a training has told and nobody has taken yet: bounded, whatever it is that keeps the taker.
///
/// Of checkpoints, of progress and of what the registry lacks only the newest counts, and takes the place of the one before it.
/// Points of the history are thinned as the spool thins them: single steps first, then every other epoch. Ends are never dropped.
struct EventBacklog: Sendable {
  /// Points of single steps that wait at most.
  static let samples = 256
  /// Points of epochs that wait at most.
  static let epochs = 4_096

  private(set) var waiting: [TrainingEvent] = []
  private var sampleCount = 0
  private var epochCount = 0

  mutating func add(_ event: TrainingEvent) {
    switch event {
    case .checkpoint: waiting.removeAll { if case .checkpoint = $0 { true } else { false } }
    case .progress: waiting.removeAll { if case .progress = $0 { true } else { false } }
    case .unsent: waiting.removeAll { if case .unsent = $0 { true } else { false } }
    case .sample:
      sampleCount += 1
      if sampleCount > Self.samples { dropOldestSample() }
    case .epoch:
      epochCount += 1
      if epochCount > Self.epochs { dropEveryOtherEpoch() }
    case .firstStep, .checkpointRefused, .settledIn, .ended: break
    }
    waiting.append(event)
  }

  /// All that waits, in its order.
  mutating func takeAll() -> [TrainingEvent] {
    defer { self = EventBacklog() }
    return waiting
  }

  private mutating func dropOldestSample() {
    guard let place = waiting.firstIndex(where: { if case .sample = $0 { true } else { false } }) else { return }
    waiting.remove(at: place)
    sampleCount -= 1
  }

  private mutating func dropEveryOtherEpoch() {
    var isOdd = false
    waiting.removeAll { event in
      guard case .epoch = event else { return false }
      isOdd.toggle()
      return !isOdd
    }
    epochCount = waiting.count { if case .epoch = $0 { true } else { false } } + 1
  }
}
