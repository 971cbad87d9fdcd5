import KubeRuntime
import Logging
import Registry

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes what a run leaves behind on its way into the registry, beside the training: it never waits for this.
///
/// Points of the history all arrive, in batches; of checkpoints and records only the newest matters. While the registry is away
/// everything is kept and tried again; after ``close()`` only a bounded number of times.
actor RunKeeper {
  private let registry: any Registry
  private let run: String
  private let clock: any RuntimeClock
  private let log: Logger
  private var points: [HistoryPoint] = []
  private var checkpoint: Checkpoint?
  private var record: RunRecord?
  private var isClosed = false
  private var failures = 0
  private var wake = Gate()
  private var random = SplitMix64()
  private let backoff = Backoff(initial: .milliseconds(200), cap: .seconds(10))
  /// With the backoff's waits, about six seconds.
  private static let lastTries = 5

  init(registry: any Registry, run: String, clock: any RuntimeClock, log: Logger) {
    self.registry = registry
    self.run = run
    self.clock = clock
    self.log = log
  }

  func add(_ point: HistoryPoint) {
    points.append(point)
    wake.open()
  }

  func keep(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    wake.open()
  }

  func put(_ record: RunRecord) {
    self.record = record
    wake.open()
  }

  /// Lets ``run()`` return once everything is written, or cannot be.
  func close() {
    isClosed = true
    failures = 0
    wake.open()
  }

  private var isSettled: Bool { points.isEmpty && checkpoint == nil && record == nil }

  /// Writes until closed and done, or cancelled.
  func keepWriting() async {
    while !Task.isCancelled {
      if wake.isOpen { wake = Gate() }
      if isSettled {
        if isClosed { return }
        try? await wake.wait()
        continue
      }
      do {
        try await write()
        failures = 0
      } catch {
        failures += 1
        log.warning("the registry could not be written", metadata: ["why": "\(error)"])
        if isClosed, failures >= Self.lastTries { return }
        try? await clock.sleep(for: backoff.delay(afterFailures: failures, using: &random))
      }
    }
  }

  /// Writes one batch of everything, the checkpoint first: others may be waiting for it.
  private func write() async throws(RegistryError) {
    if let next = checkpoint {
      checkpoint = nil
      do { try await registry.saveCheckpoint(next, keeping: CheckpointPolicy.kept) } catch {
        // One that came meanwhile takes its place.
        if error.retryable, checkpoint == nil { checkpoint = next }
        throw error
      }
    }
    if let next = record {
      record = nil
      do { try await registry.putRun(next) } catch {
        if error.retryable, record == nil { record = next }
        throw error
      }
    }
    if !points.isEmpty {
      let batch = points
      points = []
      do { try await registry.appendHistory(batch, run: run) } catch {
        if error.retryable { points = batch + points }
        throw error
      }
    }
  }
}

/// Calls the registry again after errors that may pass, for as long as `patience` lasts.
func persistently<T: Sendable>(
  patience: Duration = .seconds(60), clock: any RuntimeClock, _ call: () async throws(RegistryError) -> T
) async throws(RegistryError) -> T {
  let backoff = Backoff(initial: .milliseconds(100), cap: .seconds(5))
  var random = SplitMix64()
  let deadline = clock.now + patience
  var failures = 0
  while true {
    do { return try await call() } catch {
      failures += 1
      let wait = backoff.delay(afterFailures: failures, using: &random)
      guard error.retryable, !Task.isCancelled, clock.now + wait < deadline else { throw error }
      try? await clock.sleep(for: wait)
    }
  }
}
