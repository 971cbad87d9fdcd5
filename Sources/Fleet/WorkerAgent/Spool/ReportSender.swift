import Basics
import FleetAPI
import KubeRuntime
import Logging
import Metrics
import Registries

/// Brings what a worker has to tell to the registry, that of each run in order, each once; the training never waits for it.
///
/// While the registry answers, a report goes straight there. When it does not, or not soon, everything that waits is written to
/// the spool's disk, and sent when the registry is back; a process that is started again goes on with what is there.
/// What the registry refuses for good stands in nobody's way: it is dropped with an error in the log, and of a model whoever
/// waits for it is told. One sender to a process and spool; its work is done on a thread of its own, for it waits for disks.
package actor ReportSender {
  private let registry: any Registry
  private let clock: any RuntimeClock
  private let log: Logger
  private let executor = DiskExecutor()
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private var queue: SpoolQueue
  private var isOpen = false
  private var outcomes: [Int: ModelOutcome] = [:]
  private var lanes = ReportLanes()
  /// Why the registry took the last report of whatever run not; nil once it takes one.
  private var trouble: ReportLanes.Trouble?
  /// Why the disk did not take what it should.
  private var diskTrouble: RegistryError?
  private var random = SplitMix64()
  /// Opened and replaced at every change.
  private var changed = Gate()
  private let thinnedPoints = Counter(label: "worker_history_points_thinned_total")

  private static let backoff = Backoff(initial: .milliseconds(100), cap: .seconds(10), jitter: 0.25)
  /// A registry that takes longer to answer is taken for away: what waits for it goes to disk.
  private static let soon = Duration.seconds(1)
  /// After this time people are told that it does not answer.
  private static let slow = Duration.seconds(5)

  /// - Parameter faults: where tests disturb the spool's writes.
  package init(
    registry: any Registry, options: SpoolOptions, clock: any RuntimeClock = .system, log: Logger,
    faults: FaultPoint? = nil
  ) {
    self.registry = registry
    self.clock = clock
    self.log = log
    queue = SpoolQueue(options: options, faults: faults)
  }

  // MARK: What there is

  /// Whether the registry has everything, as far as the spool's disk could be read.
  package var isEmpty: Bool { isOpen && queue.entries.isEmpty }
  package var memoryBytes: Int { queue.memoryBytes }
  package var diskBytes: Int { queue.diskBytes }

  /// Whether the registry has been out of reach for longer than a hiccup lasts.
  var isAway: Bool { trouble.map { clock.now - $0.since > queue.options.patience } ?? false }

  /// Whether a checkpoint of a run is not in the registry yet.
  func hasCheckpoint(of run: String) -> Bool { queue.last(.checkpoint, of: run) != nil }

  /// How many reports of a run the registry lacks.
  func pending(of run: String) -> Int { queue.pending(of: run) }

  /// What the registry lacks of a run, and why; nil where it lacks nothing, or takes it just now.
  package func unsent(of run: String) -> UnsentReports? {
    let pending = queue.pending(of: run)
    guard pending > 0 else { return nil }
    let lane = lanes[run]
    // A lane that had no turn yet waits for what holds up the others.
    let isUntried = lane.failures == 0 && lane.sendingSince == nil
    if let trouble = lane.trouble ?? (isUntried ? trouble : nil) {
      return UnsentReports(reason: trouble.reason, message: trouble.message, pending: pending)
    }
    guard let since = lane.sendingSince, clock.now - since > Self.slow else { return nil }
    return UnsentReports(reason: "RegistrySlow", message: "the registry has not answered yet", pending: pending)
  }

  /// Returns true as soon as the registry has all of a run, false where that takes longer than `limit`.
  package func settle(_ run: String, within limit: Duration) async -> Bool {
    open()
    let deadline = clock.now + limit
    while queue.pending(of: run) > 0 {
      guard clock.now < deadline, !Task.isCancelled else { return false }
      await wait(until: deadline)
    }
    return true
  }

  /// The newest checkpoint of a training that waits here.
  package func checkpoint(run: String, fingerprint: String) -> Checkpoint? {
    open()
    guard let entry = queue.last(.checkpoint, of: run), entry.header.fingerprint == fingerprint,
      case .checkpoint(let checkpoint)? = try? queue.report(of: entry)
    else { return nil }
    return checkpoint
  }

  // MARK: In

  package func add(_ report: Report) {
    open()
    queue.add(report)
    if isHeldUp, report.kind != .history { spill() }
    notify()
  }

  /// Takes in a model, which is kept until ``release(_:)``.
  /// - Returns: what to ask for its outcome by.
  package func submit(_ draft: ModelDraft) -> Int {
    open()
    let number = queue.add(.model(draft))
    queue.setClaimed(number)
    notify()
    return number
  }

  /// The model of a run that an earlier process kept: claimed as by ``submit(_:)``.
  /// - Parameter fingerprint: nil takes that of any specification.
  package func claimModel(run: String, fingerprint: String?) -> Int? {
    open()
    guard let entry = queue.last(.model, of: run), (fingerprint ?? entry.header.fingerprint) == entry.header.fingerprint
    else { return nil }
    queue.setClaimed(entry.number)
    return entry.number
  }

  // MARK: Models

  /// What became of a model; nil where that is not known within `limit`.
  package func outcome(of number: Int, within limit: Duration) async -> ModelOutcome? {
    let deadline = clock.now + limit
    while outcomes[number] == nil, clock.now < deadline, !Task.isCancelled { await wait(until: deadline) }
    return outcomes[number]
  }

  /// Makes a model durable.
  /// - Returns: nil once it is, or its outcome is known; else why it is not.
  package func secure(_ number: Int) -> UnsentReports? {
    queue.secureEarlier(of: number)
    do {
      try queue.secure(number)
      tellThinned()
      return nil
    } catch {
      diskTrouble = error
      let registry = trouble.map { "; \($0.message)" } ?? ""
      return UnsentReports(
        reason: "SpoolFull", message: "the model waits in memory: \(Self.onDisk(error))\(registry)",
        pending: queue.entry(number).map { queue.pending(of: $0.run) } ?? 0)
    }
  }

  /// Nobody waits for a model any more. On disk it stays, and is sent all the same; memory is needed for the next one.
  package func unclaim(_ number: Int) {
    queue.setClaimed(number, false)
    if let entry = queue.entry(number), entry.isDelivered || !entry.isOnDisk { queue.drop(number) }
    outcomes[number] = nil
  }

  /// Forgets a model: its outcome is written down elsewhere, or nobody wants it any more.
  package func release(_ number: Int) {
    queue.drop(number)
    outcomes[number] = nil
    notify()
  }

  /// Has the next try made now, not when its time comes.
  package func tryNow() {
    lanes.hurry()
    notify()
  }

  /// Has everything that waits on disk when it returns.
  /// - Returns: false where the disk does not take all of it.
  @discardableResult package func persist() -> Bool {
    open()
    spill()
    return queue.isAllOnDisk
  }

  // MARK: Sending

  /// Sends until cancelled; what is still in memory then is on disk when this returns.
  package func run() async {
    open()
    let ticks = Task {
      while (try? await clock.sleep(for: Self.soon)) != nil { self.tick() }
    }
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        switch lanes.next(of: queue.entries, at: clock.now) {
        case .send(let entry):
          lanes.begin(entry.run, at: clock.now)
          // From here on it stays as it is: points that come now belong to the next batch.
          queue.setUnderWay(entry.number, true)
          group.addTask { await self.send(entry) }
        case .wait(let time): await wait(until: time)
        }
      }
      group.cancelAll()
    }
    ticks.cancel()
    spill()
    if queue.entries.isEmpty { queue.disk.removeIfEmpty() }
  }

  private var isHeldUp: Bool { lanes.isInTrouble || lanes.isSlow(at: clock.now, limit: Self.soon) }

  private func tick() { if isHeldUp, !queue.isAllOnDisk { spill() } }

  private func send(_ entry: SpoolEntry) async {
    let report: Report
    do { report = try queue.report(of: entry) } catch {
      // The file of this report, and not the registry: only its own run waits.
      queue.setUnderWay(entry.number, false)
      if error.retryable { return failed(entry.run, error) }
      log.error("an entry of the spool is lost", metadata: ["kind": "\(entry.kind)", "why": "\(error)"])
      return finish(entry, .lost(error.message))
    }
    let answer: Result<ModelRecord?, RegistryError>
    do { answer = .success(try await deliver(report)) } catch { answer = .failure(error) }
    // Cancelled: whether it arrived is not known, and sending it again does no harm.
    switch answer {
    case .success(let model):
      if trouble != nil { log.info("the registry takes reports again") }
      trouble = nil
      lanes.done(entry.run)
      if let model, queue.entry(entry.number)?.isClaimed == true { outcomes[entry.number] = .registered(model) }
      queue.delivered(entry.number)
      lanes.forget(allBut: queue.entries)
      notify()
    case .failure(let error) where error.retryable || error == .cancelled:
      queue.setUnderWay(entry.number, false)
      tell(error)
      failed(entry.run, error)
    case .failure(let error):
      log.error(
        "the registry refuses a report for good",
        metadata: ["kind": "\(entry.kind)", "run": "\(entry.run)", "why": "\(error)"])
      finish(entry, .refused(error))
    }
  }

  private func deliver(_ report: Report) async throws(RegistryError) -> ModelRecord? {
    switch report {
    case .run(var record):
      if let count = queue.thinned[record.id], count > 0 {
        record.metrics = record.metrics ?? [:]
        record.metrics?["history_points_thinned"] = Double(count)
      }
      try await registry.putRun(record)
    case .history(let points, let run): try await registry.appendHistory(points, run: run)
    case .checkpoint(let checkpoint): try await registry.saveCheckpoint(checkpoint, keeping: CheckpointPolicy.kept)
    case .checkpointsOver(let run): try await registry.deleteCheckpoints(run: run)
    case .model(let draft): return try await registry.registerModel(draft)
    }
    return nil
  }

  /// The registry did not take a report.
  private func tell(_ error: RegistryError) {
    if trouble == nil || trouble?.reason != error.reason {
      log.warning("the registry takes no reports; they are kept", metadata: ["why": "\(error)"])
    }
    trouble = ReportLanes.Trouble(reason: error.reason, message: error.message, since: trouble?.since ?? clock.now)
  }

  private func failed(_ run: String, _ error: RegistryError) {
    lanes.failed(run, error, at: clock.now) { Self.backoff.delay(afterFailures: $0, using: &random) }
    spill()
    notify()
  }

  private func finish(_ entry: SpoolEntry, _ outcome: ModelOutcome) {
    if queue.entry(entry.number)?.isClaimed == true { outcomes[entry.number] = outcome }
    queue.drop(entry.number)
    lanes.done(entry.run)
    lanes.forget(allBut: queue.entries)
    notify()
  }

  // MARK: Disk

  /// Looks at what an earlier process left, once.
  private func open() {
    guard !isOpen else { return }
    isOpen = true
    do {
      try queue.adopt { name in
        log.warning(
          "an entry of the spool was not written to its end; it is passed over", metadata: ["entry": "\(name)"])
      }
      if !queue.entries.isEmpty {
        log.info("reports of an earlier process wait", metadata: ["count": "\(queue.entries.count)"])
      }
    } catch {
      queue.unusable = error
      log.error("the spool cannot be read; reports wait in memory only", metadata: ["why": "\(Self.onDisk(error))"])
    }
  }

  private func spill() {
    do {
      try queue.spill()
      diskTrouble = nil
    } catch {
      if diskTrouble == nil {
        log.error("reports wait in memory: the spool takes none", metadata: ["why": "\(Self.onDisk(error))"])
      }
      diskTrouble = error
    }
    tellThinned()
  }

  private func tellThinned() {
    for (run, count) in queue.takeThinned() {
      thinnedPoints.increment(by: count)
      log.warning("history was thinned for want of room", metadata: ["run": "\(run)", "points": "\(count)"])
    }
  }

  /// What a disk says, in words that do not blame the registry.
  private static func onDisk(_ error: RegistryError) -> String {
    switch error {
    case .io(let operation, let path, let detail, _): "the spool could not \(operation) \(path): \(detail)"
    case .tooLarge(let what, let detail): "\(what) does not fit: \(detail)"
    default: error.message
    }
  }

  // MARK: Waiting

  private func notify() {
    changed.open()
    changed = Gate()
  }

  /// Waits for the next change, or the deadline.
  private func wait(until deadline: Duration?) async {
    let (changed, clock) = (changed, clock)
    guard let deadline else {
      try? await changed.wait()
      return
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await changed.wait() }
      group.addTask { try? await clock.sleep(until: deadline) }
      await group.next()
      group.cancelAll()
    }
  }
}

/// What became of a model.
package enum ModelOutcome: Sendable {
  case registered(ModelRecord)
  /// The registry will never take it.
  case refused(RegistryError)
  /// Its file was damaged.
  case lost(String)
}
