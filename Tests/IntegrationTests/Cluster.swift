import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeTypes
import TestSupport
import Testing

/// The API server under test: hack/test starts one and says where it is.
struct Cluster: Sendable {
  let kubeconfig: String
  /// Where the programs under test are.
  let binaries: URL
  let client: KubeClient

  static var kubeconfigPath: String? { ProcessInfo.processInfo.environment["TENSORFLEET_TEST_KUBECONFIG"] }
  static var isThere: Bool { kubeconfigPath != nil }

  /// The repository: its manifests and samples are under test, too.
  static let repository = Repository.root

  init() throws {
    let environment = ProcessInfo.processInfo.environment
    kubeconfig = try #require(Self.kubeconfigPath)
    binaries =
      environment["TENSORFLEET_TEST_BIN"].map { URL(filePath: $0) } ?? Self.repository.appending(path: ".build/debug")
    client = try KubeClient.connect(kubeconfig: kubeconfig, userAgent: "integration-tests")
  }

  private static let kubectlPath: URL? = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin"]
    .map { URL(filePath: $0).appending(path: "kubectl") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }

  /// Runs kubectl as the administrator.
  func kubectl(_ arguments: String..., input: String? = nil) async throws -> CommandResult {
    try await run(
      try #require(Self.kubectlPath), arguments, input: input, environment: ["KUBECONFIG": kubeconfig])
  }

  /// Runs kubectl and expects it to succeed; returns what it prints.
  @discardableResult
  func must(_ arguments: String..., input: String? = nil, at location: SourceLocation = #_sourceLocation) async throws
    -> String
  {
    let result = try await run(
      try #require(Self.kubectlPath), arguments, input: input, environment: ["KUBECONFIG": kubeconfig])
    #expect(
      result.status == 0, "kubectl \(arguments.joined(separator: " ")): \(result.error)", sourceLocation: location)
    return result.output
  }
}

/// Waits until a condition holds; false where it does not in time.
func eventually(
  within limit: Duration = .seconds(20), every pause: Duration = .milliseconds(50),
  _ holds: () async throws -> Bool
) async throws -> Bool {
  let deadline = ContinuousClock.now + limit
  while ContinuousClock.now < deadline {
    if try await holds() { return true }
    try await Task.sleep(for: pause)
  }
  return try await holds()
}
