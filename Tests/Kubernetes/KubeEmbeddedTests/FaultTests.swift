import Basics
import KubeAccess
import KubeEmbedded
import KubeTypes
import Testing

/// The faults a test can inject.
@Suite struct FaultTests {
  @Test func aRefusedRequestWritesNothingAndCarriesRetryAfter() async throws {
    let maps = Maps()
    maps.server.intercept { request in
      guard request.method == .post else { return .proceed }
      return .refuse(
        Status(
          message: "slow down", reason: .tooManyRequests, details: StatusDetails(retryAfterSeconds: 7), code: 429))
    }
    await #expect { try await maps.create("m0") } throws: {
      ($0 as? KubeError)?.httpStatus == 429 && ($0 as? KubeError)?.retryAfter == 7
    }
    maps.server.intercept(nil)
    #expect(try await maps.resource.list().items.isEmpty)
    try await maps.create("m0")
  }

  @Test func aLostAnswerHasWritten() async throws {
    let maps = Maps()
    maps.server.intercept { $0.method == .post ? .loseAnswer(.unreachable("cut")) : .proceed }
    await #expect(throws: KubeError.self) { try await maps.create("m0") }
    #expect(try await maps.resource.list().items.map(\.name) == ["m0"])
  }

  @Test func anExchangeThatBreaksBeforeHasNotWritten() async throws {
    let maps = Maps()
    maps.server.intercept { $0.method == .post ? .breakBefore(.unreachable("cut")) : .proceed }
    await #expect(throws: KubeError.self) { try await maps.create("m0") }
    #expect(try await maps.resource.list().items.isEmpty)
  }

  @Test func staleReadsShowThePast() async throws {
    let maps = Maps()
    let first = try await maps.create("m0", data: ["a": "1"])
    try await maps.create("m1")
    _ = try await maps.resource.patch("m0", .merge(["data": ["a": "2"]]))
    let past = try #require(Int64(first.version))
    maps.server.intercept { $0.method == .get ? .stale(resourceVersion: past) : .proceed }
    let list = try await maps.resource.list()
    #expect(list.items.map(\.name) == ["m0"])
    #expect(list.items[0].content["data"]?["a"] == "1")
    #expect(list.metadata.resourceVersion == first.version)
    #expect(try await maps.resource.get("m0").content["data"]?["a"] == "1")
    await #expect(throws: KubeError.self) { try await maps.resource.get("m1") }
  }

  @Test func aDelayWaitsByTheServersClock() async throws {
    let asked = AsyncStream<Duration>.makeStream()
    var options = EmbeddedAPIServer.Options()
    options.bookmarkInterval = nil
    options.sleep = { asked.continuation.yield($0) }
    let maps = Maps(options)
    maps.server.intercept { _ in .delay(.seconds(90)) }
    try await maps.create("m0")
    asked.continuation.finish()
    #expect(await asked.stream.reduce(into: []) { $0.append($1) } == [.seconds(90)])
  }

  @Test func aSeedRepeatsNamesAndUIDs() async throws {
    func names(_ seed: UInt64) async throws -> [JSONValue?] {
      var options = EmbeddedAPIServer.Options()
      options.seed = seed
      let map = try await Maps(options).resource.create(DynamicObject(["metadata": ["generateName": "m-"]])).content
      return [map["metadata"]?["name"], map["metadata"]?["uid"]]
    }
    #expect(try await names(7) == names(7))
    #expect(try await names(7) != names(8))
  }

  @Test func anInstalledDefinitionCanBeReplacedAndABadOneIsRefused() async throws {
    let server = EmbeddedAPIServer()
    func definition(_ type: String) -> JSONValue {
      [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": "cogs.example.com"],
        "spec": [
          "group": "example.com", "scope": "Cluster", "names": ["plural": "cogs", "kind": "Cog"],
          "versions": [
            [
              "name": "v1", "served": true, "storage": true,
              "schema": ["openAPIV3Schema": ["type": "object", "properties": ["size": ["type": .string(type)]]]],
            ]
          ],
        ],
      ]
    }
    let cogs = KubeClient(transport: server).dynamic(
      ResourceDefinition(group: "example.com", version: "v1", plural: "cogs", kind: "Cog", namespaced: false))
    let cog = DynamicObject(["apiVersion": "example.com/v1", "kind": "Cog", "metadata": ["name": "a"], "size": 3])
    try server.install(crd: definition("string"))
    await #expect { try await cogs.create(cog) } throws: { ($0 as? KubeError)?.isInvalid == true }
    try server.install(crd: definition("integer"))
    #expect(try await cogs.create(cog).content["size"] == 3)
    #expect(throws: EmbeddedAPIError.self) { try server.install(crd: ["metadata": ["name": "x"]]) }
  }
}
