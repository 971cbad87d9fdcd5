import Basics
import KubeTypes

/// What a candidate knows of a lease and may do with it, as in client-go's `leaderelection`: the time of others is never
/// compared with ours. A lease has run out when *we* have seen it unchanged for its duration.
struct Election: Sendable {
  let identity: String
  let leaseDuration: Duration
  /// The lease as last seen, and since when (our clock) it has looked like that.
  private(set) var observed: Lease?
  private(set) var observedSince: Duration = .zero

  init(identity: String, leaseDuration: Duration) {
    self.identity = identity
    self.leaseDuration = leaseDuration
  }

  enum Move: Sendable {
    /// There is no lease: make this one.
    case create(Lease.Spec)
    /// Ours, free or run out: replace it, provided nobody was faster.
    case update(Lease)
    /// Somebody else's.
    case stayBack(holder: String)
  }

  /// Takes note of the lease as the server has it.
  mutating func observe(_ lease: Lease?, at now: Duration) {
    if observed?.spec != lease?.spec || observed?.uid != lease?.uid { observedSince = now }
    observed = lease
  }

  /// What to try to hold the lease from `now` on.
  func move(at now: Duration, wallTime: Timestamp) -> Move {
    let time = MicroTimestamp(wallTime)
    // Rounded up: the others must never take our lease for shorter than we do.
    let seconds = Int(leaseDuration.inSeconds.rounded(.up))
    guard var lease = observed else {
      return .create(
        Lease.Spec(
          holderIdentity: identity, leaseDurationSeconds: seconds, acquireTime: time, renewTime: time,
          leaseTransitions: 0))
    }
    let holder = lease.spec?.holderIdentity ?? ""
    let isOurs = holder == identity
    if !holder.isEmpty, !isOurs {
      // The holder's own word counts: it may be configured otherwise than we are.
      let held = lease.spec?.leaseDurationSeconds.map { Duration.seconds($0) } ?? leaseDuration
      if observedSince + held > now { return .stayBack(holder: holder) }
    }
    let transitions = lease.spec?.leaseTransitions ?? 0
    lease.spec = Lease.Spec(
      holderIdentity: identity, leaseDurationSeconds: seconds,
      acquireTime: isOurs ? lease.spec?.acquireTime ?? time : time, renewTime: time,
      leaseTransitions: isOurs ? transitions : transitions + 1)
    return .update(lease)
  }

  /// The lease given back: free for the next candidate at once. Nil where it is not ours.
  func release(wallTime: Timestamp) -> Lease? {
    guard var lease = observed, lease.spec?.holderIdentity == identity else { return nil }
    let time = MicroTimestamp(wallTime)
    lease.spec = Lease.Spec(
      holderIdentity: "", leaseDurationSeconds: 1, acquireTime: time, renewTime: time,
      leaseTransitions: lease.spec?.leaseTransitions)
    return lease
  }
}
