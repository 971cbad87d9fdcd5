import Foundation
import KubeTypes
import Testing

@testable import KubeAccess

@Suite struct `API discovery` {
  private func discovery(_ bodies: [String?]) -> (Discovery, ScriptedTransport) {
    let transport = ScriptedTransport(
      bodies.map { body in
        body.map { APIResponse(status: 200, body: Data($0.utf8)) }
          ?? APIResponse(status: 404, body: Data("404 page not found\n".utf8))
      })
    return (KubeClient(transport: transport).discovery, transport)
  }

  @Test(arguments: [("1", "20", 1, 20), ("1", "27+", 1, 27), ("2", "0", 2, 0)])
  func `reads the server's version`(major: String, minor: String, first: Int, second: Int) async throws {
    let body = #"{"major":"\#(major)","minor":"\#(minor)","gitVersion":"v1","platform":"linux/amd64"}"#
    let (discovery, transport) = discovery([body])
    let version = try await discovery.version()
    #expect(version.numbers?.major == first)
    #expect(version.numbers?.minor == second)
    #expect(transport.requests.map(\.path) == ["/version"])
  }

  @Test func `orders versions by number`() {
    let version = ServerVersion(major: "1", minor: "20+", gitVersion: "v1.20.2")
    #expect(version.isAtLeast(1, 20))
    #expect(version.isAtLeast(1, 9))
    #expect(version.isAtLeast(0, 99))
    #expect(!version.isAtLeast(1, 21))
    #expect(!version.isAtLeast(2, 0))
    #expect(!ServerVersion(major: "", minor: "", gitVersion: "v0").isAtLeast(0, 0))
  }

  private static let groups = """
    {"kind":"APIGroupList","groups":[{"name":"autoscaling","versions":[{"groupVersion":"autoscaling/v1","version":"v1"},
     {"groupVersion":"autoscaling/v2","version":"v2"}],"preferredVersion":{"groupVersion":"autoscaling/v2","version":"v2"}}]}
    """

  @Test func `lists a group's versions, the favourite first`() async throws {
    #expect(try await discovery([Self.groups]).0.versions(of: "autoscaling") == ["v2", "v1"])
    #expect(try await discovery([Self.groups]).0.versions(of: "batch") == [])
    let (core, transport) = discovery([#"{"kind":"APIVersions","versions":["v1"]}"#])
    #expect(try await core.versions(of: "") == ["v1"])
    #expect(transport.requests.map(\.path) == ["/api"])
  }

  private static let autoscalers = """
    {"kind":"APIResourceList","resources":[
     {"name":"horizontalpodautoscalers","singularName":"","namespaced":true,"kind":"HorizontalPodAutoscaler","verbs":["get"]},
     {"name":"horizontalpodautoscalers/status","singularName":"","namespaced":true,"kind":"Other","verbs":["get"]}]}
    """

  @Test func `finds the first version that has a kind`() async throws {
    let (new, newRequests) = discovery([Self.autoscalers])
    #expect(
      try await new.firstServed(of: ["v2", "v2beta2"], group: "autoscaling", kind: "HorizontalPodAutoscaler") == "v2")
    #expect(newRequests.requests.map(\.path) == ["/apis/autoscaling/v2"])
    let (old, oldRequests) = discovery([nil, Self.autoscalers])
    #expect(
      try await old.firstServed(of: ["v2", "v2beta2"], group: "autoscaling", kind: "HorizontalPodAutoscaler")
        == "v2beta2")
    #expect(oldRequests.requests.map(\.path) == ["/apis/autoscaling/v2", "/apis/autoscaling/v2beta2"])
    #expect(
      try await discovery([nil, nil]).0.firstServed(
        of: ["v2", "v2beta2"], group: "autoscaling", kind: "HorizontalPodAutoscaler") == nil)
  }

  @Test func `does not take a subresource for a kind`() async throws {
    #expect(try await !discovery([Self.autoscalers]).0.serves(group: "autoscaling", version: "v2", kind: "Other"))
  }

  @Test func `does not take a failing server for one without the group`() async throws {
    let transport = ScriptedTransport([APIResponse(status: 503, body: Data("starting".utf8))])
    let error = await failure {
      try await KubeClient(transport: transport).discovery.serves(group: "g", version: "v1", kind: "K")
    }
    #expect((error as? KubeError)?.httpStatus == 503)
  }
}
