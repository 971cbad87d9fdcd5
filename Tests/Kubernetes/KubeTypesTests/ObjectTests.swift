import Basics
import Foundation
import KubeTypes
import Testing

@Suite struct `Conditions` {
  private func condition(_ status: ConditionStatus, _ reason: String, at seconds: Double) -> Condition {
    Condition(
      type: "Ready", status: status, reason: reason, message: reason,
      lastTransitionTime: Timestamp(secondsSince1970: seconds))
  }

  @Test func `keep their transition time until the status changes`() {
    var conditions: [Condition] = []
    conditions.set(condition(.unknown, "Queued", at: 1))
    #expect(conditions[type: "Ready"]?.lastTransitionTime.secondsSince1970 == 1)
    conditions.set(condition(.unknown, "Running", at: 2))
    #expect(conditions[type: "Ready"]?.lastTransitionTime.secondsSince1970 == 1)
    #expect(conditions[type: "Ready"]?.reason == "Running")
    conditions.set(condition(.true, "Completed", at: 3))
    #expect(conditions[type: "Ready"]?.lastTransitionTime.secondsSince1970 == 3)
    #expect(conditions.count == 1)
  }

  @Test func `of other types stay as they are, in their places`() {
    var conditions = [condition(.true, "A", at: 1)]
    var other = condition(.false, "B", at: 2)
    other.type = "Admitted"
    conditions.set(other)
    conditions.set(condition(.false, "C", at: 3))
    #expect(conditions.map(\.type) == ["Ready", "Admitted"])
    #expect(conditions[type: "Admitted"] == other)
    #expect(conditions[type: "None"] == nil)
  }
}

@Suite struct `Objects on the wire` {
  @Test(arguments: [#"{"items":null,"metadata":{"resourceVersion":"7"}}"#, #"{"metadata":{"resourceVersion":"7"}}"#])
  func `a list without items is an empty list`(text: String) throws {
    let list = try JSON.decode(ObjectList<Pod>.self, from: Data(text.utf8))
    #expect(list.items.isEmpty)
    #expect(list.metadata.resourceVersion == "7")
  }

  @Test func `a list gives items and page token`() throws {
    let text = #"{"items":[{"metadata":{"name":"a"}}],"metadata":{"continue":"next","remainingItemCount":3}}"#
    let list = try JSON.decode(ObjectList<Pod>.self, from: Data(text.utf8))
    #expect(list.items.map(\.name) == ["a"])
    #expect(list.metadata.continue == "next")
    #expect(list.metadata.remainingItemCount == 3)
  }

  @Test(arguments: [
    (#"{"limits":{"cpu":2,"memory":"1Gi"}}"#, ["cpu": "2", "memory": "1Gi"]),
    (#"{"limits":{"cpu":0.5}}"#, ["cpu": "0.5"]),
  ])
  func `quantities are text or numbers`(text: String, expected: [String: String]) throws {
    #expect(try JSON.decode(ResourceRequirements.self, from: Data(text.utf8)).limits == expected)
  }

  @Test func `a quantity of another kind is refused`() {
    #expect(throws: DecodingError.self) {
      try JSON.decode(ResourceRequirements.self, from: Data(#"{"requests":{"cpu":true}}"#.utf8))
    }
  }

  @Test(arguments: [
    (
      ResourceDefinition(group: "", version: "v1", plural: "pods", kind: "Pod"), "/api/v1/namespaces/n/pods/x/log", "v1"
    ),
    (
      ResourceDefinition(group: "a.io", version: "v2", plural: "bs", kind: "B"), "/apis/a.io/v2/namespaces/n/bs/x/log",
      "a.io/v2"
    ),
    (
      ResourceDefinition(group: "", version: "v1", plural: "namespaces", kind: "Namespace", namespaced: false),
      "/api/v1/namespaces/x/log", "v1"
    ),
  ])
  func `paths follow group, version and scope`(definition: ResourceDefinition, path: String, version: String) {
    #expect(definition.path(namespace: "n", name: "x", subresource: "log") == path)
    #expect(definition.apiVersion == version)
  }

  @Test func `a status keeps reasons that are not known`() throws {
    let text = #"{"kind":"Status","reason":"FromTheFuture","details":{"causes":[{"field":"spec.x","message":"m"}]}}"#
    let status = try JSON.decode(Status.self, from: Data(text.utf8))
    #expect(status.reason == "FromTheFuture")
    #expect(status.details?.causes?.first?.field == "spec.x")
  }
}
