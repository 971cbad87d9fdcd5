import Basics
import KubeTypes
import Testing

@testable import KubeRuntime

@Suite struct ElectionTests {
  private let time = Timestamp(secondsSince1970: 1_800_000_000)

  private func lease(holder: String, seconds: Int? = 15, renewed: Double = 0, transitions: Int = 3) -> Lease {
    var lease = Lease(
      metadata: ObjectMeta(name: "l", namespace: "ns"),
      spec: Lease.Spec(
        holderIdentity: holder, leaseDurationSeconds: seconds,
        acquireTime: MicroTimestamp(Timestamp(secondsSince1970: 5)),
        renewTime: MicroTimestamp(Timestamp(secondsSince1970: renewed)), leaseTransitions: transitions))
    lease.metadata.resourceVersion = "7"
    lease.metadata.uid = "u"
    return lease
  }

  private func election() -> Election { Election(identity: "me", leaseDuration: .seconds(15)) }

  @Test func `no lease: makes one`() {
    guard case .create(let spec) = election().move(at: .zero, wallTime: time) else {
      Issue.record("no creation")
      return
    }
    #expect(spec.holderIdentity == "me" && spec.leaseDurationSeconds == 15 && spec.leaseTransitions == 0)
    #expect(spec.renewTime?.time == time)
  }

  @Test(arguments: [(14.9, false), (15.0, true)])
  func `another's lease is left alone until it was seen unchanged for its duration`(seconds: Double, takes: Bool) {
    var election = election()
    // What its times say is long past, or still to come: it does not matter.
    election.observe(lease(holder: "you", renewed: 99), at: .seconds(100))
    election.observe(lease(holder: "you", renewed: 99), at: .seconds(110))
    switch election.move(at: .seconds(100 + seconds), wallTime: time) {
    case .stayBack(let holder): #expect(!takes && holder == "you")
    case .update(let lease):
      #expect(takes)
      #expect(lease.spec?.holderIdentity == "me" && lease.spec?.leaseTransitions == 4)
      #expect(lease.metadata.resourceVersion == "7", "so that only one candidate succeeds")
      #expect(lease.spec?.acquireTime?.time == time)
    case .create: Issue.record("a lease is there")
    }
  }

  @Test func `a renewal that is seen starts the time anew`() {
    var election = election()
    election.observe(lease(holder: "you", renewed: 1), at: .seconds(100))
    election.observe(lease(holder: "you", renewed: 2), at: .seconds(114))
    guard case .stayBack = election.move(at: .seconds(120), wallTime: time) else {
      Issue.record("taken too early")
      return
    }
  }

  @Test func `the holder's duration counts, not ours`() {
    var election = election()
    election.observe(lease(holder: "you", seconds: 60), at: .zero)
    guard case .stayBack = election.move(at: .seconds(59), wallTime: time) else {
      Issue.record("taken too early")
      return
    }
  }

  @Test func `a lease that was given back is free at once`() {
    var election = election()
    election.observe(lease(holder: ""), at: .zero)
    guard case .update(let taken) = election.move(at: .zero, wallTime: time) else {
      Issue.record("not taken")
      return
    }
    #expect(taken.spec?.leaseTransitions == 4)
  }

  @Test func `our own lease is renewed without a transition`() {
    var election = election()
    election.observe(lease(holder: "me"), at: .zero)
    guard case .update(let renewed) = election.move(at: .seconds(3), wallTime: time) else {
      Issue.record("not renewed")
      return
    }
    #expect(renewed.spec?.leaseTransitions == 3)
    #expect(renewed.spec?.acquireTime?.time.secondsSince1970 == 5)
  }

  @Test func `only our own lease is given back, empty and short`() {
    var election = election()
    election.observe(lease(holder: "you"), at: .zero)
    #expect(election.release(wallTime: time) == nil)
    election.observe(lease(holder: "me"), at: .zero)
    let released = election.release(wallTime: time)
    #expect(released?.spec?.holderIdentity == "" && released?.spec?.leaseDurationSeconds == 1)
    #expect(released?.metadata.resourceVersion == "7")
  }
}
