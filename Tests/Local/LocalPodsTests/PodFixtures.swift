import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeEmbedded
import KubeTypes
import Testing

@testable import LocalPods

/// An embedded API, a pod runner whose workers are /bin/sh, and the pods of a test.
struct PodWorld: Sendable {
  let server = EmbeddedAPIServer()
  let client: KubeClient
  let directory: PrivateDirectory

  init() throws {
    client = KubeClient(transport: server)
    directory = try PrivateDirectory(prefix: "tensorfleet-tests")
  }

  var pods: Resource<Pod> { client.resource(Pod.self, namespace: "default") }

  /// Runs `body` while a pod runner is at work; returns once the runner has ended, too.
  func run<Result: Sendable>(
    launcher: (any WorkerLauncher)? = nil, node: String = "test-node", shutdownGrace: Duration = .seconds(2),
    _ body: () async throws -> Result
  ) async throws -> Result {
    let runner = PodRunner(
      client: client, launcher: launcher ?? shell,
      configuration: .init(node: node, shutdownGrace: shutdownGrace))
    let work = Task { await runner.run() }
    do {
      let result = try await body()
      work.cancel()
      await work.value
      return result
    } catch {
      work.cancel()
      await work.value
      throw error
    }
  }

  var shell: ProcessLauncher { ProcessLauncher(executable: "/bin/sh", logDirectory: directory.path) }

  /// A pod whose worker is a shell script.
  @discardableResult
  func create(
    _ name: String, script: String, env: [EnvVar] = [], probed: Bool = false, grace: Int64 = 5
  ) async throws -> Pod {
    var container = Container(name: "worker", image: "none")
    // Kubernetes takes $$ for an escaped $.
    container.args = ["-c", script.replacing("$$", with: "$$$$")]
    container.env = env
    if probed { container.readinessProbe = Probe(exec: .init(command: ["ready"])) }
    var spec = PodSpec(containers: [container])
    spec.restartPolicy = "Never"
    spec.serviceAccountName = "default"
    spec.terminationGracePeriodSeconds = grace
    let metadata = ObjectMeta(name: name, namespace: "default", labels: [Fleet.Label.pool: "pool", "colour": "blue"])
    return try await pods.create(Pod(metadata: metadata, spec: spec))
  }

  /// Waits until a pod is as wanted; fails the test after `limit`.
  @discardableResult
  func wait(
    for name: String, _ what: String, limit: Duration = .seconds(10), _ condition: (Pod) -> Bool
  ) async throws -> Pod {
    var last: Pod?
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      last = try? await pods.get(name)
      if let last, condition(last) { return last }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw Timeout(what: "pod \(name) is not \(what): \(String(describing: last?.status))")
  }

  /// Waits until a pod is gone.
  func waitUntilGone(_ name: String, limit: Duration = .seconds(10)) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      do { _ = try await pods.get(name) } catch {
        if error.isNotFound { return }
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw Timeout(what: "pod \(name) is still there")
  }

  /// Waits until a file has content, and returns it without its last newline.
  func text(of file: String, limit: Duration = .seconds(10)) async throws -> String {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      if let text = try? String(contentsOfFile: path(file), encoding: .utf8), text.hasSuffix("\n") {
        return String(text.dropLast())
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw Timeout(what: "\(file) has no content")
  }

  func touch(_ file: String) {
    #expect(FileManager.default.createFile(atPath: path(file), contents: nil))
  }

  func remove(_ file: String) {
    #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path(file)) }
  }

  func path(_ file: String) -> String { "\(directory.path)/\(file)" }
}

struct Timeout: Error, CustomStringConvertible {
  let what: String
  var description: String { what }
}

/// Whether a process exists and is no zombie.
func isRunning(_ pid: pid_t) -> Bool {
  guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
  return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
}

extension Pod {
  var terminated: ContainerState.Terminated? { status?.containerStatuses?.first?.state?.terminated }
  func condition(_ type: String) -> ConditionStatus? { status?.conditions?.first { $0.type == type }?.status }
}
