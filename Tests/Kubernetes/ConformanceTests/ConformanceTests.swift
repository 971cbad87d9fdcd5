import Foundation
import KubeAccess
import KubeEmbedded
import KubeTypes
import Testing

/// One rule of the Kubernetes API that a server must follow.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
  let name: String
  let run: @Sendable (World) async throws -> Void

  init(_ name: String, _ run: @escaping @Sendable (World) async throws -> Void) {
    self.name = name
    self.run = run
  }

  var testDescription: String { name }

  static let all: [ConformanceCase] =
    writes + patches + applies + schemas + deletions + collections + lists + watches + kinds

  func check(_ transport: any APITransport) async throws {
    let world = try await World.make(transport)
    do { try await run(world) } catch {
      await world.tearDown()
      throw error
    }
    await world.tearDown()
  }
}

/// The embedded server, a fresh one for each case.
@Suite struct ConformanceTests {
  @Test(arguments: ConformanceCase.all) func embedded(_ rule: ConformanceCase) async throws {
    try await rule.check(EmbeddedAPIServer())
  }
}

/// A real kube-apiserver, with its garbage collector and namespace controller: `hack/kube start`.
@Suite(
  .enabled(if: realServerKubeconfig != nil, "TENSORFLEET_TEST_KUBECONFIG names no cluster"), .timeLimit(.minutes(10)))
struct ConformanceIntegrationTests {
  @Test(arguments: ConformanceCase.all) func realServer(_ rule: ConformanceCase) async throws {
    let client = try KubeClient.connect(kubeconfig: realServerKubeconfig, userAgent: "conformance-tests")
    try await rule.check(client.transport)
  }
}

private let realServerKubeconfig = ProcessInfo.processInfo.environment["TENSORFLEET_TEST_KUBECONFIG"]
