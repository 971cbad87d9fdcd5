import Basics
import FleetAPI
import FleetOperator
import Foundation
import KubeAccess
import KubeTypes
import Synchronization
import TestSupport
import Testing
import TrainingDefinition

/// Writes that the server refuses: told on the object that they concern, and no hindrance to any other.
struct RefusalTests {
  private static func forbidden(_ message: String) -> Status {
    Status(message: message, reason: .forbidden, code: 403)
  }

  private func fleet() throws -> TestFleet {
    let fleet = try TestFleet()
    let node = PretendedNode(fleet.client)
    fleet.helper { await node.run() }
    fleet.startOperator()
    return fleet
  }

  private func events(_ fleet: TestFleet, of name: String) async throws -> [Event] {
    try await fleet.client.resource(Event.self).list().items.filter { $0.involvedObject.name == name }
  }

  @Test func aPodThatIsRefusedIsToldOnItsPoolAndStopsNoOther() async throws {
    let fleet = try fleet()
    fleet.faults.refuse { request in
      let isMade = request.method == .post && request.path.hasSuffix("/pods")
      let body = String(decoding: request.body ?? Data(), as: UTF8.self)
      return isMade && body.contains("\"strict-1\"") ? Self.forbidden("exceeded quota: pods=3") : nil
    }
    try await fleet.createPool("strict", replicas: 3)
    try await fleet.createPool("free", replicas: 1)
    try await fleet.createJob("job", pool: "strict")
    let told = try await fleet.eventually {
      try await events(fleet, of: "strict").contains {
        $0.reason == "FailedCreate" && $0.message == "pod strict-1: exceeded quota: pods=3 (Forbidden 403)"
      }
    }
    #expect(told)
    #expect(
      try await fleet.eventually { Set(try await fleet.pods().map(\.name)) == ["strict-0", "strict-2", "free-0"] })
    #expect(try await fleet.eventually { try await fleet.job("job").hasSucceeded })
    let seen = try await fleet.eventually {
      let status = try await fleet.client.resource(WorkerPool.self).get("strict").status
      return status?.conditions[type: "Ready"]?.message.hasPrefix("2 of 3 workers are ready") == true
    }
    #expect(seen, "the status is written though a pod is refused")
    fleet.faults.refuse(nil)
    #expect(try await fleet.eventually { try await fleet.pods().count == 4 }, "what is allowed again is made")
    await fleet.stop()
  }

  @Test(arguments: [403, 422]) func aJobWhoseTaskIsRefusedIsToldAndGivesItsTurnToTheNext(code: Int) async throws {
    let fleet = try fleet()
    fleet.faults.refuse { request in
      let isMade = request.method == .post && request.path.hasSuffix("/trainingtasks")
      guard isMade, String(decoding: request.body ?? Data(), as: UTF8.self).contains("\"bad-0-0\"") else { return nil }
      return Status(message: "a policy forbids it", reason: code == 403 ? .forbidden : .invalid, code: code)
    }
    try await fleet.createPool(replicas: 1)
    try await fleet.createJob("bad") { $0.priority = 100 }
    try await fleet.createJob("good")
    #expect(try await fleet.eventually { try await fleet.job("good").hasSucceeded }, "the only worker is not held up")
    let told = try await fleet.eventually {
      try await events(fleet, of: "bad").contains {
        $0.reason == "FailedCreate" && $0.message?.hasPrefix("task bad-0-0: a policy forbids it") == true
      }
    }
    #expect(told)
    #expect(try await !fleet.job("bad").isFinished)
    await fleet.stop()
  }

  @Test func aStatusThatIsRefusedStopsNoWorker() async throws {
    let fleet = try fleet()
    fleet.faults.refuse { request in
      request.path.hasSuffix("/workerpools/pool/status") ? Self.forbidden("no status for you") : nil
    }
    try await fleet.createPool(replicas: 2)
    try await fleet.createJob("job")
    #expect(try await fleet.eventually { try await fleet.job("job").hasSucceeded })
    await fleet.stop()
  }

  @Test func manyIdleWorkersThatGoAreAskedForInOneRequest() async throws {
    let fleet = try fleet()
    try await fleet.createPool(replicas: 40)
    #expect(try await fleet.eventually { try await fleet.pods().filter(\.isReady).count == 40 })
    let before = fleet.faults.askedForTasks
    _ = try await fleet.client.resource(WorkerPool.self).setScale("pool", replicas: 0)
    #expect(try await fleet.eventually { try await fleet.pods().isEmpty })
    #expect((1...3).contains(fleet.faults.askedForTasks - before), "and not one a worker")
    await fleet.stop()
  }

  @Test func gaugesCountEveryPodOnceByItsState() async throws {
    let fleet = try TestFleet()
    let pods = fleet.client.resource(Pod.self)
    func make(_ name: String, ready: Bool, phase: String = "Running", draining: Bool = false) async throws -> Pod {
      var metadata = ObjectMeta(name: name, labels: [Fleet.Label.pool: "pool"])
      if draining { metadata.annotations = [Fleet.Annotation.drainingSince: Timestamp.now.description] }
      let pod = try await pods.create(
        Pod(metadata: metadata, spec: PodSpec(containers: [Container(name: "worker", image: "none")])))
      let status: JSONValue = [
        "phase": .string(phase), "conditions": [["type": "Ready", "status": ready ? "True" : "False"]],
      ]
      return try await pods.patch(pod.name, .merge(["status": status]), subresource: "status")
    }
    _ = try await make("pool-0", ready: true)
    let busy = try await make("pool-1", ready: true)
    _ = try await make("pool-2", ready: false)
    _ = try await make("pool-3", ready: true, draining: true)
    _ = try await make("pool-4", ready: false, phase: "Failed")
    _ = try await fleet.client.resource(TrainingTask.self).create(
      TrainingTask(
        metadata: ObjectMeta(name: "job-0-0"),
        spec: TrainingTaskSpec(
          jobName: "job", jobUID: "u", attempt: 0, worker: WorkerReference(name: busy.name, uid: busy.uid),
          training: TrainingSpec(algorithm: .mlp, dataset: DatasetSpec(uri: "x.csv", targetColumn: "y")))))
    let caches = Caches(client: fleet.client, namespace: nil)
    let work = Task { await caches.run() }
    try await caches.waitUntilSynced()
    let gauges = FleetGauges(caches)
    #expect(gauges.workers == ["idle": 1, "busy": 1, "starting": 1, "draining": 1, "ended": 1, "terminating": 0])
    work.cancel()
    await work.value
  }
}
