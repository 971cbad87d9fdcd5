import Basics
import CoreMetrics
import KubeAccess
import KubeTypes
import Logging
import Synchronization

/// The lease could not be renewed in time, or somebody else has it: the body was cancelled.
public struct LeadershipLost: Error, CustomStringConvertible {
  public let lease: String
  public let why: String
  public var description: String { "the lease \(lease) is lost: \(why)" }
}

/// Lets one of several candidates do the work, by a `Lease` (client-go's `leaderelection`).
///
/// Guarantee: two candidates never lead at once, as long as their clocks run at rates that differ by less than
/// `renewDeadline` to `leaseDuration`. What the body writes through a ``FencedTransport`` keeps to that whenever the body
/// ends; anything else it does has to end within the difference once it is cancelled. A leader counts its time from before
/// a renewal was sent, all others from after they saw it. What the clocks show does not matter.
public final class LeaderElector: Sendable {
  private let leases: Resource<Lease>
  private let name: String
  private let leaseDuration: Duration
  private let renewDeadline: Duration
  private let retryPeriod: Duration
  private let windDownLimit: Duration
  private let releaseOnCancel: Bool
  private let identity: String
  private let clock: any RuntimeClock
  private let executor: (any TaskExecutor)?
  private let log: Logger
  private let status: Gauge
  private let state: Mutex<State>

  private struct State {
    var election: Election
    var random: SplitMix64
    /// While leading: when the last renewal that succeeded was sent.
    var renewed: Duration?
    /// Counts the times that this candidate came to lead.
    var term = 0
    /// When the lease was last asked for or renewed, be it in vain; nil while nobody tries.
    var tried: Duration?
    var holder: String?
  }

  /// - Parameters:
  ///   - identity: this candidate's name, unlike any other's: the pod's name, or host and process number.
  ///   - leaseDuration: for how long the others leave an unchanged lease alone.
  ///   - renewDeadline: for how long a leader tries to renew before it gives up; shorter than `leaseDuration`.
  ///   - retryPeriod: the pause between two tries; candidates add up to 1.2 times as much at random.
  ///   - windDownLimit: for how long the lease is still renewed for a body that is cancelled and has not ended; later
  ///     the lease runs out.
  ///   - releaseOnCancel: whether the lease is given back at the end, so that the next leader need not wait for it to run out.
  ///   - executor: where the renewal runs; nil is Swift's own pool.
  public init(
    client: KubeClient, namespace: String, name: String, identity: String, leaseDuration: Duration = .seconds(15),
    renewDeadline: Duration = .seconds(10), retryPeriod: Duration = .seconds(2),
    windDownLimit: Duration = .seconds(60), releaseOnCancel: Bool = true,
    clock: any RuntimeClock = .system, random: SplitMix64 = SplitMix64(),
    metrics: any MetricsFactory = MetricsSystem.factory, executor: (any TaskExecutor)? = nil,
    log: Logger = Logger(label: "leader-election")
  ) {
    precondition(
      retryPeriod < renewDeadline && renewDeadline < leaseDuration,
      "leader election needs retryPeriod < renewDeadline < leaseDuration")
    precondition(!identity.isEmpty, "leader election needs an identity")
    leases = client.resource(Lease.self, namespace: namespace)
    self.name = name
    self.identity = identity
    self.leaseDuration = leaseDuration
    self.renewDeadline = renewDeadline
    self.retryPeriod = retryPeriod
    self.windDownLimit = windDownLimit
    self.releaseOnCancel = releaseOnCancel
    self.clock = clock
    self.executor = executor
    var log = log
    log[metadataKey: "lease"] = "\(namespace)/\(name)"
    self.log = log
    status = Gauge(label: "leader_election_master_status", dimensions: [("name", name)], factory: metrics)
    status.record(0)
    state = Mutex(State(election: Election(identity: identity, leaseDuration: leaseDuration), random: random))
  }

  /// True while this candidate leads. Asked of the clock each time: a process that was stopped for a while is not wrong about it.
  public var isLeader: Bool {
    let now = clock.now
    return state.withLock { state in state.renewed.map { now < $0 + renewDeadline } ?? false }
  }

  /// What is left, in one term, of the time in which a write may be begun and under way; nil where there is none.
  func timeForWrites(inTerm term: Int) -> Duration? {
    let now = clock.now
    return state.withLock { state in
      guard state.term == term, let renewed = state.renewed, now < renewed + renewDeadline else { return nil }
      return renewed + leaseDuration - now
    }
  }

  /// Who was last seen to hold the lease; nil before anybody was.
  public var holder: String? { state.withLock { $0.holder } }

  /// When the lease was last asked for or renewed, be it in vain; nil while ``run(_:)-(()->Void)`` does not run.
  public var lastTried: Duration? { state.withLock { $0.tried } }

  /// Waits until the lease is ours, then runs `body` while it is.
  ///
  /// When the lease is lost, `body` is cancelled and waited for. When the caller is cancelled, `body` is too, and the lease is
  /// renewed until it has ended, or for as long as the wind-down may take.
  /// - Throws: what `body` throws; ``LeadershipLost``; `CancellationError` when cancelled before it leads.
  public func run(_ body: @Sendable @escaping () async throws -> Void) async throws {
    try await run { (_: Leadership) in try await body() }
  }

  /// As ``run(_:)-(()->Void)``, for a body whose writes are to be fenced by its leadership.
  public func run(_ body: @Sendable @escaping (Leadership) async throws -> Void) async throws {
    do { try await acquire() } catch {
      // Cancelled between the server's yes and our reading it: nobody shall wait for a lease that nobody uses.
      await releaseIfAsked()
      throw error
    }
    log.info("leading")
    status.record(1)
    let leadership = Leadership(elector: self, term: state.withLock { $0.term })
    let outcome = await lead { try await body(leadership) }
    status.record(0)
    state.withLock { $0.renewed = nil }
    await releaseIfAsked()
    return try outcome.get()
  }

  private func releaseIfAsked() async {
    state.withLock { $0.tried = nil }
    guard releaseOnCancel else { return }
    // A task of its own, as ours may be cancelled.
    await Task(executorPreference: executor) { await self.release() }.value
  }

  private func acquire() async throws {
    while true {
      try Task.checkCancellation()
      let start = clock.now
      if case .held(let since)? = try await until(start + renewDeadline, on: clock, { await self.attempt() }) {
        return state.withLock { state in
          state.renewed = since
          state.term += 1
        }
      }
      let jitter = state.withLock { Double.random(in: 0..<1.2, using: &$0.random) }
      try await clock.sleep(for: retryPeriod + retryPeriod * jitter)
    }
  }

  private enum Ending: Sendable {
    case body(Result<Void, any Error>)
    case lost(LeadershipLost)
  }

  private func lead(_ body: @Sendable @escaping () async throws -> Void) async -> Result<Void, any Error> {
    let renewal = Task(executorPreference: executor) { await self.renewUntilLost() }
    let ended = Gate()
    return await withTaskGroup(of: Optional<Ending>.self) { group in
      group.addTask {
        defer { ended.open() }
        do {
          try await body()
          return .body(.success(()))
        } catch { return .body(.failure(error)) }
      }
      // Not cancelled along with us: the lease is ours until the body has ended.
      group.addTask { await renewal.value.map { .lost($0) } }
      group.addTask {
        await self.boundWindDown(until: ended, renewal)
        return nil
      }
      var lost: LeadershipLost?
      var result: Result<Void, any Error> = .success(())
      for await ending in group {
        switch ending {
        case .body(let outcome)?:
          result = outcome
          renewal.cancel()
        case .lost(let why)?:
          lost = why
          state.withLock { $0.renewed = nil }
          status.record(0)
          log.error("leadership lost", metadata: ["why": "\(why.why)"])
          group.cancelAll()
        case nil: break
        }
      }
      return lost.map { .failure($0) } ?? result
    }
  }

  /// Waits for the body's end. Where the body was cancelled and takes too long, ends the renewal and with it the writes.
  private func boundWindDown(until ended: Gate, _ renewal: Task<LeadershipLost?, Never>) async {
    if (try? await ended.wait()) != nil { return }
    await Task(executorPreference: executor) { [self] in
      let end = clock.now + windDownLimit
      if (try? await until(end, on: clock, { try await ended.wait() })) != nil { return }
      log.error("what ran under the lease does not end; the lease is left to run out")
      renewal.cancel()
      state.withLock { $0.renewed = nil }
    }.value
  }

  /// Renews until that fails for too long, or somebody else has the lease; nil when cancelled.
  private func renewUntilLost() async -> LeadershipLost? {
    var lastFailure = "no answer"
    while let renewed = state.withLock({ $0.renewed }) {
      let deadline = renewed + renewDeadline
      do {
        try await clock.sleep(until: min(clock.now + retryPeriod, deadline))
        guard clock.now < deadline else {
          return LeadershipLost(lease: name, why: "not renewed in time: \(lastFailure)")
        }
        switch try await until(deadline, on: clock, { await self.attempt() }) {
        case .held(let since)?: state.withLock { $0.renewed = since }
        case .refused(let why)?:
          lastFailure = why
          // A lease that shows another's name will not become ours by waiting.
          let holder = holder ?? ""
          if !holder.isEmpty, holder != identity { return LeadershipLost(lease: name, why: "\(holder) holds it") }
        case nil: lastFailure = "no answer"
        }
      } catch { return nil }
    }
    return nil
  }

  private enum Attempt: Sendable {
    /// The lease is ours, counted from before the request was sent: the others see it later than that.
    case held(since: Duration)
    case refused(String)
  }

  /// Tries once to take or renew the lease.
  private func attempt() async -> Attempt {
    let sent = clock.now
    let isRenewal = state.withLock { state in
      state.tried = sent
      return state.renewed != nil
    }
    do {
      // While leading, the lease as we last wrote it is most likely still what is there: one request instead of two.
      if !isRenewal || state.withLock({ $0.election.observed }) == nil { try await look() }
      let move = state.withLock { $0.election.move(at: clock.now, wallTime: clock.wallTime) }
      let written: Lease
      switch move {
      case .stayBack(let holder): return .refused("\(holder) holds the lease")
      case .create(let spec):
        written = try await leases.create(
          Lease(metadata: ObjectMeta(name: name, namespace: leases.namespace), spec: spec))
      case .update(let lease): written = try await leases.update(name, lease)
      }
      note(written)
      return .held(since: sent)
    } catch {
      if error.isConflict || error.isAlreadyExists || error.isNotFound { try? await look() }
      log.debug("no lease this time", metadata: ["error": "\(error)"])
      return .refused(error.description)
    }
  }

  private func look() async throws(KubeError) {
    do { note(try await leases.get(name)) } catch {
      guard error.isNotFound else { throw error }
      note(nil)
    }
  }

  private func note(_ lease: Lease?) {
    let now = clock.now
    let change = state.withLock { state -> String? in
      state.election.observe(lease, at: now)
      let holder = lease?.spec?.holderIdentity ?? ""
      defer { state.holder = holder }
      return holder != state.holder ? holder : nil
    }
    if let change { log.info("the leader is", metadata: ["holder": "\(change.isEmpty ? "nobody" : change)"]) }
  }

  /// Gives the lease back if it is ours; within a retry period, or not at all.
  private func release() async {
    guard let lease = state.withLock({ $0.election.release(wallTime: clock.wallTime) }) else { return }
    let done = try? await until(clock.now + retryPeriod, on: clock) { [leases, name] in
      try await leases.update(name, lease)
    }
    if let done = done ?? nil { note(done) }
  }
}
