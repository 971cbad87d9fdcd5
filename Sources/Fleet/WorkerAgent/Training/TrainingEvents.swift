import Synchronization

/// What a training tells, on its way from its own thread to the one task that reports it. Telling never waits.
final class TrainingEvents: Sendable {
  private let backlog = Mutex(EventBacklog())
  /// Taken from the backlog and not handed out yet; of the one task that calls ``next()``.
  private let taken = Mutex<ArraySlice<TrainingEvent>>([])
  private let news: AsyncStream<Void>
  private let wake: AsyncStream<Void>.Continuation

  init() { (news, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

  func tell(_ event: TrainingEvent) {
    backlog.withLock { $0.add(event) }
    wake.yield()
  }

  /// The next event, once there is one; nil where this task of Swift's is cancelled.
  func next() async -> TrainingEvent? {
    while true {
      if Task.isCancelled { return nil }
      if let event = taken.withLock({ $0.popFirst() }) { return event }
      let events = backlog.withLock { $0.takeAll() }
      if !events.isEmpty {
        taken.withLock { $0 = events[...] }
        continue
      }
      var arrivals = news.makeAsyncIterator()
      if await arrivals.next() == nil { return nil }
    }
  }
}
