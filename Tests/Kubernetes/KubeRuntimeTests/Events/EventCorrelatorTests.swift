import Basics
import KubeTypes
import Testing

@testable import KubeRuntime

@Suite struct EventCorrelatorTests {
  private let pod = ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "ns", name: "p", uid: "u")
  private let wall = Timestamp(secondsSince1970: 1_800_000_000)

  private func correlate(
    _ correlator: inout EventCorrelator, _ message: String, at seconds: Double = 0, _ object: ObjectReference? = nil
  ) -> EventCorrelator.Write? {
    correlator.correlate(
      object ?? pod, type: .warning, reason: "Failed", message: message, now: .seconds(seconds),
      wallTime: wall.adding(seconds: seconds))
  }

  private func summary(_ write: EventCorrelator.Write?) -> String {
    switch write {
    case .create(let event)?: "create \(event.count ?? 0) \(event.message ?? "")"
    case .patch(let event)?: "patch \(event.count ?? 0) \(event.message ?? "")"
    case nil: "drop"
    }
  }

  @Test func `an event carries who, what, where and when`() {
    var correlator = EventCorrelator(component: "operator", instance: "pod-1")
    guard case .create(let event)? = correlate(&correlator, "no luck") else {
      Issue.record("no creation")
      return
    }
    #expect(event.involvedObject == pod && event.metadata.namespace == "ns")
    #expect(event.name.hasPrefix("p."))
    #expect(event.type == "Warning" && event.reason == "Failed" && event.count == 1)
    #expect(event.source?.component == "operator" && event.reportingInstance == "pod-1")
    #expect(event.firstTimestamp == wall && event.lastTimestamp == wall)
  }

  @Test func `a repeated event raises the count of the first`() {
    var correlator = EventCorrelator(component: "c", instance: "i")
    guard case .create(let first)? = correlate(&correlator, "x"),
      case .patch(let second)? = correlate(&correlator, "x", at: 60)
    else {
      Issue.record("not folded")
      return
    }
    #expect(second.name == first.name && second.count == 2)
    #expect(second.firstTimestamp == wall && second.lastTimestamp == wall.adding(seconds: 60))
  }

  @Test func `another version of the object does not make it another event`() {
    var correlator = EventCorrelator(component: "c", instance: "i")
    var newer = pod
    newer.resourceVersion = "9"
    _ = correlate(&correlator, "x")
    #expect(summary(correlate(&correlator, "x", newer)) == "patch 2 x")
  }

  @Test func `the tenth of similar events within ten minutes begins one for all of them`() {
    var correlator = EventCorrelator(component: "c", instance: "i")
    var writes = (1...12).map { summary(correlate(&correlator, "m\($0)")) }
    #expect(writes[..<9].allSatisfy { $0.hasPrefix("create 1 m") })
    #expect(
      writes[9...] == [
        "create 1 (combined from similar events): m10", "patch 2 (combined from similar events): m11",
        "patch 3 (combined from similar events): m12",
      ])
    writes = [summary(correlate(&correlator, "later", at: 601))]
    #expect(writes == ["create 1 later"], "after ten quiet minutes they are single again")
  }

  @Test func `an object has a burst of 25 events, then one each five minutes`() {
    var correlator = EventCorrelator(component: "c", instance: "i")
    let writes = (0..<40).map { _ in summary(correlate(&correlator, "x")) }
    #expect(writes.filter { $0 != "drop" }.count == 25)
    #expect(summary(correlate(&correlator, "x", at: 299)) == "drop")
    #expect(summary(correlate(&correlator, "x", at: 300)) == "patch 42 x", "what was dropped is counted")
    #expect(summary(correlate(&correlator, "x", at: 301)) == "drop")
    let other = ObjectReference(kind: "Pod", namespace: "ns", name: "q", uid: "v")
    #expect(summary(correlate(&correlator, "x", at: 301, other)) == "create 1 x")
  }

  @Test func `names of events differ, however fast they come`() {
    var correlator = EventCorrelator(component: "c", instance: "i")
    var names: Set<String> = []
    for index in 0..<200 {
      let object = ObjectReference(kind: "Pod", namespace: "ns", name: "p", uid: "u\(index)")
      if case .create(let event)? = correlate(&correlator, "x", object) { names.insert(event.name) }
    }
    #expect(names.count == 200)
  }

  @Test(arguments: ["a", "ü", "日本", "👩‍👩‍👧"])
  func `messages are cut at 1,024 bytes, between characters`(character: String) {
    let cut = EventCorrelator.cut(String(repeating: character, count: 2000))
    #expect(cut.utf8.count <= 1024 && cut.utf8.count > 1024 - 3 - character.utf8.count)
    #expect(cut.hasSuffix("…"))
    #expect(EventCorrelator.cut(character) == character)
  }

  @Test func `a bounded cache keeps what was used lately`() {
    var cache = RecentCache<Int, Int>(capacity: 100)
    cache[0] = 0
    for key in 1..<1000 {
      cache[key] = key
      #expect(cache[0] == 0, "touched each time")
      #expect(cache.count <= 100)
    }
    #expect(cache[1] == nil && cache[999] == 999)
  }
}
