import FleetAPI
import Foundation
import KubeTypes
import Testing

extension FleetIntegrationTests {
  /// Any process may be killed at any instant.
  @Suite(.serialized) struct CrashTests {
    @Test func trainingGoesOnWhileTheOperatorIsDead() async throws {
      let space = try await TestNamespace(workers: 2)
      try await space.apply(TestNamespace.longJob("long", epochs: 1500))
      try await space.waitForProgress("long")
      let before = (pods: try await space.pods().map(\.uid).sorted(), tasks: try await space.tasks().map(\.uid))
      let leader = try #require(await Installation.shared.newestOperator)
      await leader.crash()
      let step = try await space.tasks().first?.status?.step ?? 0
      #expect(
        try await eventually(within: .seconds(30)) { (try await space.tasks().first?.status?.step ?? 0) > step },
        "the worker goes on without an operator")
      try await Installation.shared.startOperator()
      try await space.waitForSuccess("long", timeout: 240)
      #expect(try await space.pods().map(\.uid).sorted() == before.pods, "no pod is made twice")
      #expect(try await space.tasks().map(\.uid) == before.tasks, "no task is made twice")
      let status = try await space.job("long").status
      #expect(status?.restarts == 0 && status?.attempt == 0)
      try await space.remove()
    }

    @Test func aKilledWorkersTaskIsRetriedOnAnother() async throws {
      let space = try await TestNamespace(workers: 2)
      try await space.apply(TestNamespace.longJob("long", epochs: 1500))
      try await space.waitForProgress("long")
      let task = try #require(try await space.tasks().first)
      let pid = try await processOfWorker(task.spec.worker.name, in: space.name)
      kill(pid, SIGKILL)
      #expect(
        try await eventually { try await space.tasks().contains { $0.spec.attempt == 1 } }, "a second attempt is made")
      let second = try #require(try await space.tasks().first { $0.spec.attempt == 1 })
      #expect(second.spec.worker.uid != task.spec.worker.uid)
      try await space.waitForSuccess("long", timeout: 240)
      let status = try await space.job("long").status
      #expect(status?.restarts == 1)
      #expect(
        try await space.events(of: "long").contains {
          $0.reason == "Retrying" && $0.message?.contains("WorkerLost") == true
        })
      #expect(try await eventually { try await space.pods().filter(\.isReady).count == 2 }, "the worker is replaced")
      try await space.remove()
    }

    @Test func aSecondReplicaTakesOverWhenTheFirstStopsAnswering() async throws {
      let space = try await TestNamespace(workers: 1)
      let first = try #require(await Installation.shared.newestOperator)
      let second = try await Installation.shared.startOperator()
      first.send(SIGSTOP)
      try await space.apply(TestNamespace.manifest("iris"))
      try await space.waitForSuccess("iris", timeout: 60)
      // The first finds that it lost the lease, writes nothing more, and stays a candidate.
      first.send(SIGCONT)
      try await space.apply(TestNamespace.manifest("again"))
      try await space.waitForSuccess("again", timeout: 60)
      #expect(kill(first.pid, 0) == 0)
      #expect(kill(second.pid, 0) == 0)
      first.send(SIGTERM)
      #expect(await first.wait() == 0)
      try await space.remove()
    }

    /// The process that the pod runner started for a worker: its environment says which pod it is.
    private func processOfWorker(_ pod: String, in namespace: String) async throws -> Int32 {
      for entry in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
        guard let pid = Int32(entry), let data = FileManager.default.contents(atPath: "/proc/\(pid)/environ") else {
          continue
        }
        let variables = Set(data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        if variables.contains("TENSORFLEET_POD_NAME=\(pod)"), variables.contains("TENSORFLEET_NAMESPACE=\(namespace)") {
          return pid
        }
      }
      throw NoSuchWorker(pod: pod)
    }

    struct NoSuchWorker: Error { var pod: String }
  }
}
