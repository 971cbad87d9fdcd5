import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeEmbedded
import KubeTypes
import Logging
import Testing

@testable import LocalPods

/// The pod runner with shell scripts as workers, against the embedded API.
@Suite(.timeLimit(.minutes(1)))
struct PodRunnerTests {
  @Test func aRunningPodIsReportedAsAKubeletDoes() async throws {
    let world = try PodWorld()
    try await world.run {
      try await world.create("a", script: "exec sleep 60")
      let pod = try await world.wait(for: "a", "ready") { $0.isReady }
      #expect(pod.spec?.nodeName == "test-node")
      #expect(pod.phase == "Running")
      #expect(pod.status?.podIP == "127.0.0.1")
      #expect(pod.status?.startTime != nil)
      #expect(pod.status?.containerStatuses?.first?.ready == true)
      #expect(pod.status?.containerStatuses?.first?.state?.running?.startedAt != nil)
      #expect(pod.condition("PodScheduled") == .true)
      #expect(pod.condition("Initialized") == .true)
      #expect(pod.condition("ContainersReady") == .true)
      let node = try await world.client.dynamic(NodeRegistration.definition).get("test-node")
      #expect(node.content["status"]?["conditions"]?.arrayValue?.first?["status"] == "True")
    }
  }

  @Test(arguments: [
    ("exit 0", "Succeeded", 0, nil as Int?, "Completed"), ("exit 7", "Failed", 7, nil, "Error"),
    ("kill -SEGV $$", "Failed", 139, 11, "Error"), ("kill -9 $$", "Failed", 137, 9, "Error"),
  ])
  func theEndOfAWorkerIsThePodsEnd(
    script: String, phase: String, code: Int, signal: Int?, reason: String
  ) async throws {
    let world = try PodWorld()
    try await world.run {
      try await world.create("a", script: script)
      let pod = try await world.wait(for: "a", "finished") { $0.isFinished }
      #expect(pod.phase == phase)
      #expect(pod.terminated?.exitCode == code)
      #expect(pod.terminated?.signal == signal)
      #expect(pod.terminated?.reason == reason)
      #expect(pod.terminated?.finishedAt != nil)
      #expect(!pod.isReady)
    }
  }

  @Test func aProgramThatCannotBeRunFailsThePod() async throws {
    let world = try PodWorld()
    let launcher = ProcessLauncher(executable: "/no/such/worker", logDirectory: world.directory.path)
    try await world.run(launcher: launcher) {
      try await world.create("a", script: "")
      let pod = try await world.wait(for: "a", "finished") { $0.isFinished }
      #expect(pod.phase == "Failed")
      #expect(pod.terminated?.exitCode == 128)
      #expect(pod.terminated?.message == "/no/such/worker cannot be started: No such file or directory")
    }
  }

  @Test func aKilledWorkerIsSeenWithinATenthOfASecond() async throws {
    let world = try PodWorld()
    try await world.run {
      try await world.create("a", script: "echo $$ > \(world.path("pid")); exec sleep 60")
      let pid = try #require(pid_t(try await world.text(of: "pid")))
      try await world.wait(for: "a", "ready") { $0.isReady }
      let start = ContinuousClock.now
      kill(pid, SIGKILL)
      let pod = try await world.wait(for: "a", "failed") { $0.phase == "Failed" }
      // A loaded machine may be slow at anything: the bound is ten times what is meant.
      #expect(ContinuousClock.now - start < .seconds(1))
      #expect(pod.terminated?.exitCode == 137)
    }
  }

  @Test func aProbedWorkerIsReadyWhileItsFileIsThere() async throws {
    let world = try PodWorld()
    try await world.run { try await probe(world) }
  }

  private func probe(_ world: PodWorld) async throws {
    let script = """
      while [ ! -e \(world.path("go")) ]; do sleep 0.01; done
      touch "$TENSORFLEET_READY_FILE"
      while [ -e \(world.path("go")) ]; do sleep 0.01; done
      rm "$TENSORFLEET_READY_FILE"
      exec sleep 60
      """
    try await world.create("a", script: script, probed: true)
    let waiting = try await world.wait(for: "a", "running") { $0.phase == "Running" }
    #expect(!waiting.isReady)
    #expect(waiting.condition("ContainersReady") == .false)
    world.touch("go")
    try await world.wait(for: "a", "ready") { $0.isReady }
    world.remove("go")
    let unready = try await world.wait(for: "a", "unready") { !$0.isReady }
    #expect(unready.phase == "Running")
  }

  @Test func aDeletedPodsWorkerGetsSIGTERMAndThePodGoesWhenItHasEnded() async throws {
    let world = try PodWorld()
    try await world.run {
      let script =
        "trap 'echo handed back > \(world.path("end")); exit 0' TERM; echo up; "
        + "touch $TENSORFLEET_READY_FILE; while :; do sleep 0.02; done"
      try await world.create("a", script: script, probed: true, grace: 30)
      try await world.wait(for: "a", "ready") { $0.isReady }
      try await world.pods.delete("a")
      try await world.waitUntilGone("a")
      #expect(try await world.text(of: "end") == "handed back")
      #expect(try await world.text(of: "default_a.log") == "up")
    }
  }

  @Test func aWorkerThatDoesNotEndIsKilledAfterItsGrace() async throws {
    let world = try PodWorld()
    try await world.run {
      let script = "trap '' TERM; echo $$ > \(world.path("pid")); while :; do sleep 0.02; done"
      try await world.create("a", script: script, grace: 1)
      let pid = try #require(pid_t(try await world.text(of: "pid")))
      try await world.wait(for: "a", "ready") { $0.isReady }
      let start = ContinuousClock.now
      try await world.pods.delete("a")
      try await world.waitUntilGone("a")
      #expect(ContinuousClock.now - start >= .seconds(1))
      #expect(!isRunning(pid))
    }
  }

  @Test func aPodDeletedWithoutGraceHasItsWorkerKilled() async throws {
    let world = try PodWorld()
    try await world.run {
      try await world.create("a", script: "trap '' TERM; echo $$ > \(world.path("pid")); while :; do sleep 0.02; done")
      let pid = try #require(pid_t(try await world.text(of: "pid")))
      try await world.wait(for: "a", "ready") { $0.isReady }
      try await world.pods.delete("a", DeleteOptions(gracePeriodSeconds: 0))
      let deadline = ContinuousClock.now + .seconds(10)
      while isRunning(pid), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
      #expect(!isRunning(pid))
    }
  }

  @Test func aPodOfAnotherNodeIsLeftAlone() async throws {
    let world = try PodWorld()
    let pod = try await world.create("a", script: "exec sleep 60")
    let writer = PodStatusWriter(client: world.client, clock: .system, log: .init(label: "test"))
    let outcome = await writer.bind(pod, to: "other")
    #expect(outcome == .done)
    try await world.run {
      try await world.create("b", script: "exec sleep 60")
      try await world.wait(for: "b", "ready") { $0.isReady }
      #expect(try await world.pods.get("a").phase == "Pending")
    }
  }

  @Test func aRunnerThatIsStartedAnewReportsWhatItDoesNotHaveAsFailed() async throws {
    let world = try PodWorld()
    let pod = try await world.create("a", script: "exec sleep 60")
    let writer = PodStatusWriter(client: world.client, clock: .system, log: .init(label: "test"))
    let bound = await writer.bind(pod, to: "test-node")
    #expect(bound == .done)
    var report = PodReport(pod: pod, address: "127.0.0.1")
    let status = report.running(since: .now, isReady: true, at: .now)
    let written = await writer.report(status, of: pod)
    #expect(written == .done)
    try await world.run {
      let lost = try await world.wait(for: "a", "failed") { $0.phase == "Failed" }
      #expect(lost.terminated?.reason == "ContainerStatusUnknown")
      #expect(!lost.isReady)
    }
  }

  @Test func aRunnerThatEndsEndsItsWorkersAndSaysSo() async throws {
    let world = try PodWorld()
    let pids = try await world.run(shutdownGrace: .milliseconds(300)) {
      try await world.create("a", script: "echo $$ > \(world.path("a")); exec sleep 60")
      try await world.create("b", script: "trap '' TERM; echo $$ > \(world.path("b")); while :; do sleep 0.02; done")
      try await world.wait(for: "a", "ready") { $0.isReady }
      try await world.wait(for: "b", "ready") { $0.isReady }
      return [try await world.text(of: "a"), try await world.text(of: "b")].compactMap { pid_t($0) }
    }
    #expect(pids.count == 2)
    for pid in pids { #expect(!isRunning(pid)) }
    #expect(try await world.pods.get("a").terminated?.signal == 15)
    #expect(try await world.pods.get("b").terminated?.signal == 9)
  }

  @Test func whatAWorkerLeavesBehindIsKilledWithIt() async throws {
    let world = try PodWorld()
    try await world.run {
      try await world.create("a", script: "sleep 60 & echo $! > \(world.path("child")); exit 3")
      let child = try #require(pid_t(try await world.text(of: "child")))
      try await world.wait(for: "a", "failed") { $0.phase == "Failed" }
      let deadline = ContinuousClock.now + .seconds(5)
      while isRunning(child), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
      #expect(!isRunning(child))
    }
  }

  @Test func anAPIThatRefusesForAWhileLosesNoReport() async throws {
    let world = try PodWorld()
    let broken = Counter()
    world.server.intercept { request in
      guard request.path.hasSuffix("/status"), request.path.contains("/pods/"), broken.next() < 4 else {
        return .proceed
      }
      return .breakBefore(.unreachable("injected"))
    }
    try await world.run {
      try await world.create("a", script: "exit 4")
      let pod = try await world.wait(for: "a", "finished") { $0.isFinished }
      #expect(pod.terminated?.exitCode == 4)
    }
    #expect(broken.next() > 4)
  }

  @Test func aTaskWorkerIsReadyWhenItSaysSoAndEndsWhenCancelled() async throws {
    let world = try PodWorld()
    let launcher = TaskLauncher { context in
      context.setReady(true)
      try? await Task.sleep(for: .seconds(60))
      return Task.isCancelled ? 0 : 1
    }
    try await world.run(launcher: launcher) {
      try await world.create("a", script: "")
      try await world.wait(for: "a", "ready") { $0.isReady }
      try await world.pods.delete("a")
      try await world.waitUntilGone("a")
    }
  }
}
