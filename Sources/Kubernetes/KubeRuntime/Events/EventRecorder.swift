import Basics
import KubeAccess
import KubeTypes
import Logging

/// Writes events: the lines of an object's story in `kubectl describe`.
///
/// ``record(_:type:reason:message:)`` only queues; a task that lives while there is something to send does the rest, so an API server that
/// is away neither holds up nor fails anybody. What does not fit the buffer, or fails again and again, is dropped and counted in the log.
public actor EventRecorder {
  private let client: KubeClient
  private let log: Logger
  private let clock: any RuntimeClock
  private let executor: (any TaskExecutor)?
  private let capacity: Int
  private let attempts: Int
  private let backoff = Backoff(initial: .milliseconds(500), cap: .seconds(10))
  private var random: SplitMix64
  private var correlator: EventCorrelator
  private var buffer: [EventCorrelator.Write] = []
  private var sender: Task<Void, Never>?
  private var dropped = 0

  /// - Parameters:
  ///   - component: which program the events come from.
  ///   - instance: which copy of it: the pod's name.
  ///   - capacity: events that may wait to be sent.
  ///   - attempts: how often a write is tried.
  public init(
    client: KubeClient, component: String, instance: String, capacity: Int = 1000, attempts: Int = 6,
    clock: any RuntimeClock = .system, random: SplitMix64 = SplitMix64(), executor: (any TaskExecutor)? = nil,
    log: Logger = Logger(label: "events")
  ) {
    self.client = client
    self.capacity = capacity
    self.attempts = attempts
    self.clock = clock
    self.random = random
    self.executor = executor
    self.log = log
    correlator = EventCorrelator(component: component, instance: instance)
  }

  /// Tells of something that happened to `object`. The message is cut at 1,024 bytes.
  public func record(_ object: ObjectReference, type: EventType, reason: String, message: String) {
    guard
      let write = correlator.correlate(
        object, type: type, reason: reason, message: message, now: clock.now, wallTime: clock.wallTime)
    else {
      log.debug("too many events of one object", metadata: ["object": "\(object.name ?? "")", "reason": "\(reason)"])
      return
    }
    guard buffer.count < capacity else {
      // The first one is told at once, the sum when there is room again.
      if dropped == 0 { log.warning("the buffer of events is full; events are lost") }
      dropped += 1
      return
    }
    buffer.append(write)
    if sender == nil { sender = Task(executorPreference: executor) { await self.sendAll() } }
  }

  /// Returns when all that was recorded is sent or given up.
  public func drain() async { await sender?.value }

  /// As ``drain()``, but gives up what is not sent when the time is over: with the API server away, retries would keep a
  /// process from ending.
  public func drain(within limit: Duration) async {
    guard let sender else { return }
    let clock = clock
    // Of its own, for the caller's task is likely to be cancelled by now.
    let alarm = Task(executorPreference: executor) {
      try? await clock.sleep(for: limit)
      if !Task.isCancelled { sender.cancel() }
    }
    await sender.value
    alarm.cancel()
  }

  private func sendAll() async {
    while !buffer.isEmpty {
      let batch = buffer
      buffer = []
      for write in batch {
        if Task.isCancelled { break }
        await send(write)
      }
      if Task.isCancelled {
        log.warning("the time for events is over; some were not told")
        break
      }
    }
    if dropped > 0 {
      log.warning("events were lost", metadata: ["count": "\(dropped)"])
      dropped = 0
    }
    sender = nil
  }

  private func send(_ write: EventCorrelator.Write) async {
    var write = write
    for attempt in 1...attempts {
      if Task.isCancelled { return }
      do {
        switch write {
        case .create(let event): try await create(event)
        case .patch(let event): try await patch(event)
        }
        return
      } catch {
        if case .patch(let event) = write, error.isNotFound {
          // Events live an hour; this one's story starts anew.
          write = .create(event)
          continue
        }
        // Made by the try whose answer was lost.
        if error.isAlreadyExists { return }
        guard error.isRetryable, attempt < attempts else {
          log.warning("an event cannot be written", metadata: ["error": "\(error)"])
          return
        }
        let wait = backoff.delay(afterFailures: attempt, using: &random)
        let asked = error.retryAfter.map { Duration.seconds($0) } ?? .zero
        try? await clock.sleep(for: max(wait, asked))
      }
    }
  }

  private func create(_ event: Event) async throws(KubeError) {
    _ = try await client.resource(Event.self, namespace: event.metadata.namespace).create(event)
  }

  private func patch(_ event: Event) async throws(KubeError) {
    var change: [String: JSONValue] = ["count": .int(Int64(event.count ?? 1))]
    change["message"] = event.message.map { .string($0) }
    change["lastTimestamp"] = event.lastTimestamp.map { .string($0.description) }
    _ = try await client.resource(Event.self, namespace: event.metadata.namespace)
      .patch(event.name, .merge(.object(change)))
  }
}
