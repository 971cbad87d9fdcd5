import Basics
import FleetAPI
import FleetOperator
import FleetPlan
import Hummingbird
import KubeAccess
import KubeEmbedded
import KubeRuntime
import KubeTypes
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import OperatorCommands

/// What probes and Prometheus get from the operator over HTTP.
@Suite struct EndpointTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private final class Port: Sendable {
    let number = Mutex<Int?>(nil)
  }

  /// Serves an operator's endpoints on a free port while `body` runs.
  private func serving(
    _ fleet: Operator, _ registry: PrometheusRegistry = PrometheusRegistry(),
    _ body:
      @escaping @Sendable (@escaping @Sendable (String) async throws -> (status: Int, text: String)) async throws ->
      Void
  ) async throws {
    let port = Port()
    let server = Application(
      router: Endpoints.router(metrics: registry, health: HealthState(fleet: fleet)),
      configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in port.number.withLock { $0 = channel.localAddress?.port } }, logger: Self.log)
    let run = Task { try await server.run() }
    while port.number.withLock({ $0 }) == nil { try await Task.sleep(for: .milliseconds(5)) }
    let transport = try CurlTransport(
      ServerIdentity(url: "http://127.0.0.1:\(port.number.withLock { $0 } ?? 0)"))
    try await body { path in
      let answer = try await transport.send(APIRequest(.get, path))
      return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }
    run.cancel()
    _ = await run.result
  }

  private func fleet(_ server: EmbeddedAPIServer, elects: Bool = false) -> Operator {
    Operator(
      client: KubeClient(transport: server),
      configuration: OperatorConfiguration(
        podDefaults: PodDefaults(image: "worker"), identity: "me",
        election: elects ? .init(namespace: "default", name: "operator", leaseDuration: .seconds(15)) : nil),
      log: Self.log)
  }

  @Test func `a replica is ready once its view is complete, and alive all the time`() async throws {
    let server = EmbeddedAPIServer()
    let fleet = fleet(server)
    try await serving(fleet) { get in
      let run = Task { await fleet.run() }
      #expect(try await get("/healthz") == (200, "ok\n"))
      let early = try await get("/readyz")
      #expect(early == (503, "the caches of the Kubernetes API are not complete yet\n"), "its kinds are not there yet")
      for definition in CustomResourceDefinitions.all(cel: false) { try server.install(crd: definition) }
      var ready = try await get("/readyz")
      for _ in 0..<400 where ready.status != 200 {
        try await Task.sleep(for: .milliseconds(25))
        ready = try await get("/readyz")
      }
      #expect(ready == (200, "ok\n"))
      #expect(try await get("/nothing").status == 404)
      run.cancel()
      await run.value
    }
  }

  @Test func `a replica that waits for the lease is ready as well`() async throws {
    let server = EmbeddedAPIServer()
    for definition in CustomResourceDefinitions.all(cel: false) { try server.install(crd: definition) }
    let client = KubeClient(transport: server)
    let spec = Lease.Spec(
      holderIdentity: "another", leaseDurationSeconds: 15, acquireTime: .init(.now), renewTime: .init(.now))
    _ = try await client.resource(Lease.self, namespace: "default")
      .create(Lease(metadata: ObjectMeta(name: "operator", namespace: "default"), spec: spec))
    let fleet = fleet(server, elects: true)
    try await serving(fleet) { get in
      let run = Task { await fleet.run() }
      var ready = try await get("/readyz")
      for _ in 0..<400 where ready.status != 200 {
        try await Task.sleep(for: .milliseconds(25))
        ready = try await get("/readyz")
      }
      #expect(ready.status == 200)
      #expect(!fleet.isLeader)
      run.cancel()
      await run.value
    }
  }

  @Test func `metrics are in Prometheus' words`() async throws {
    let registry = PrometheusRegistry()
    let queue = WorkQueue<String>(name: "trainingjob", metrics: registry)
    queue.add("a")
    try await serving(fleet(EmbeddedAPIServer()), registry) { get in
      let (status, text) = try await get("/metrics")
      #expect(status == 200)
      #expect(text.contains("workqueue_depth{name=\"trainingjob\"} 1\n"))
    }
  }
}
