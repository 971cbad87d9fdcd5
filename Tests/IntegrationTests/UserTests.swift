import FleetAPI
import Foundation
import KubeAccess
import KubeTypes
import Testing

extension FleetIntegrationTests {
  /// What users do with kubectl, on a real API server, with operator and workers as processes under their own accounts.
  @Suite(.serialized) struct UserTests {
    // MARK: The way of a job

    @Test func irisTrainsFromApplyToSucceeded() async throws {
      let space = try await TestNamespace(workers: 2)
      try await space.apply(TestNamespace.manifest("iris", rest: "modelName: iris-\(space.name)"))
      try await space.waitForSuccess("iris")
      let table = try await space.cluster.must("-n", space.name, "get", "trainingjobs")
      let header = try #require(table.split(separator: "\n").first).split(separator: " ").map(String.init)
      #expect(header == ["NAME", "STATUS", "PROGRESS", "EPOCH", "LOSS", "ACCURACY", "WORKERS", "AGE"])
      #expect(table.contains("Completed"))
      let status = try #require(try await space.job("iris").status)
      #expect((Double(status.accuracy ?? "") ?? 0) > 0.9)
      #expect(status.metrics.map(\.name).contains("f1_score"))
      #expect(status.restarts == 0)
      let model = try #require(status.model)
      #expect(model.version == "v1")
      #expect(model.displayName?.hasPrefix("LogisticRegression_") == true)
      let story = try await space.cluster.must("-n", space.name, "describe", "trainingjob", "iris")
      #expect(story.contains("trained by worker pool-"), "\(story)")
      try await space.remove()
    }

    @Test(.enabled(if: RealData.folder != nil))
    func mnistTrainsToItsKnownAccuracy() async throws {
      let folder = try #require(RealData.folder).appending(path: "mnist").path
      let space = try await TestNamespace(workers: 1)
      try await space.apply(
        TestNamespace.manifest(
          "mnist", algorithm: "MLP", dataset: "{uri: 'file://\(folder)', format: IDX}",
          rest: "epochs: 5\nbatchSize: 128\nmodelName: mnist-\(space.name)"))
      try await space.waitForSuccess("mnist", timeout: 600)
      let status = try #require(try await space.job("mnist").status)
      #expect((Double(status.accuracy ?? "") ?? 0) >= 0.97)
      try await space.remove()
    }

    @Test func columnsMoveWhileAJobTrains() async throws {
      let space = try await TestNamespace(workers: 1)
      try await space.apply(TestNamespace.longJob("long", epochs: 2000))
      var percents = Set<Int>()
      var states = Set<String>()
      let finished = try await eventually(within: .seconds(240), every: .milliseconds(100)) {
        let job = try await space.job("long")
        states.insert(job.state)
        if let percent = job.status?.progressPercentage { percents.insert(percent) }
        return job.isFinished || percents.count > 3
      }
      #expect(finished)
      #expect(states.contains("Running"))
      #expect(percents.count > 2, "progress seen: \(percents.sorted())")
      try await space.cluster.must("-n", space.name, "delete", "trainingjob", "long")
      try await space.remove()
    }

    @Test func kubectlExplainsEveryField() async throws {
      let cluster = try await Installation.shared.ready()
      for path in [
        "trainingjob.spec", "trainingjob.spec.dataset", "trainingjob.status", "workerpool.spec", "trainingtask.spec",
      ] {
        let text = try await cluster.must("explain", path)
        #expect(!text.contains("<no description>"), "\(path)")
      }
      let short = try await cluster.kubectl("get", "tj,wp,tt,tensorfleet")
      #expect(short.status == 0, "short names and category: \(short.error)")
    }

    @Test func aFasterJobOfHigherPriorityGoesFirst() async throws {
      let space = try await TestNamespace(workers: 1)
      try await space.apply(TestNamespace.longJob("running"))
      try await space.waitForProgress("running")
      try await space.apply(TestNamespace.manifest("low"))
      try await space.apply(TestNamespace.manifest("high", rest: "priority: 10"))
      try await space.waitForSuccess("low", timeout: 240)
      let (high, low) = (try await space.job("high"), try await space.job("low"))
      #expect(high.hasSucceeded)
      #expect(try #require(high.status?.startTime) <= #require(low.status?.startTime))
      try await space.remove()
    }

    // MARK: Changes of mind

    @Test func aSuspendedJobGivesItsWorkerBackAndGoesOnLater() async throws {
      let space = try await TestNamespace(workers: 1)
      try await space.apply(TestNamespace.longJob("long", epochs: 800))
      try await space.waitForProgress("long")
      try await space.cluster.must(
        "-n", space.name, "patch", "trainingjob", "long", "--type=merge", "-p", #"{"spec":{"suspend":true}}"#)
      #expect(try await eventually { try await space.tasks().first?.state == .stopped })
      #expect(try await eventually { try await space.job("long").status?.workers == 0 })
      #expect(try await space.job("long").state == "Suspended")
      try await space.apply(TestNamespace.manifest("other"))
      try await space.waitForSuccess("other")
      try await space.cluster.must(
        "-n", space.name, "patch", "trainingjob", "long", "--type=merge", "-p", #"{"spec":{"suspend":false}}"#)
      try await space.waitForSuccess("long", timeout: 240)
      #expect(try await space.job("long").status?.restarts == 0)
      try await space.remove()
    }

    @Test func aDeletedJobFreesItsWorker() async throws {
      let space = try await TestNamespace(workers: 1)
      try await space.apply(TestNamespace.longJob("long", epochs: 2000))
      try await space.waitForProgress("long")
      try await space.cluster.must("-n", space.name, "delete", "trainingjob", "long")
      try await space.apply(TestNamespace.manifest("next"))
      try await space.waitForSuccess("next")
      #expect(try await eventually { try await space.tasks().map(\.spec.jobName) == ["next"] })
      try await space.remove()
    }

    @Test func scalingDownDrainsBeforeItDeletes() async throws {
      let space = try await TestNamespace(workers: 2)
      try await space.apply(TestNamespace.longJob("long", epochs: 800))
      try await space.waitForProgress("long")
      let worker = try #require(try await space.tasks().first?.spec.worker.name)
      try await space.cluster.must("-n", space.name, "scale", "workerpool/pool", "--replicas=0")
      #expect(try await eventually { try await space.pods().map(\.name) == [worker] }, "the idle worker goes at once")
      try await space.waitForSuccess("long", timeout: 240)
      #expect(try await space.job("long").status?.restarts == 0)
      #expect(try await eventually { try await space.pods().isEmpty }, "the busy one goes when it is done")
      try await space.remove()
    }

    @Test func aSpecChangedWhileItRunsIsSaidAndDoesNoHarm() async throws {
      let space = try await TestNamespace(workers: 1)
      try await space.apply(TestNamespace.longJob("long", epochs: 800))
      try await space.waitForProgress("long")
      try await space.cluster.must(
        "-n", space.name, "patch", "trainingjob", "long", "--type=merge", "-p", #"{"spec":{"epochs":3}}"#)
      #expect(
        try await eventually {
          let condition = try await space.job("long").status?.conditions[type: "SpecApplied"]
          return condition?.status == .false && condition?.message.contains("epochs changed") == true
        })
      #expect(
        try await eventually { try await space.events(of: "long").contains { $0.reason == "ChangedWhileRunning" } })
      try await space.waitForSuccess("long", timeout: 240)
      #expect(try await space.job("long").status?.epoch == 800)
      try await space.remove()
    }

    // MARK: Time

    @Test func aJobPastItsDeadlineFails() async throws {
      let space = try await TestNamespace(workers: 1)
      try await space.apply(TestNamespace.longJob("long", epochs: 5000, rest: "activeDeadlineSeconds: 2"))
      #expect(try await eventually { try await space.job("long").hasFailed })
      #expect(try await space.job("long").status?.failure?.reason == "DeadlineExceeded")
      #expect(try await eventually { try await space.tasks().allSatisfy(\.isFinished) }, "its worker is free again")
      try await space.remove()
    }

    @Test func aFinishedJobIsDeletedAfterItsTimeToLive() async throws {
      let space = try await TestNamespace(workers: 1)
      try await space.apply(TestNamespace.manifest("iris", rest: "ttlSecondsAfterFinished: 1"))
      let jobs = space.cluster.client.resource(TrainingJob.self, namespace: space.name)
      #expect(try await eventually { try await jobs.list().items.isEmpty })
      try await space.remove()
    }

    // MARK: Rights

    @Test func workersMayReportOnTasksAndNothingElse() async throws {
      let space = try await TestNamespace(workers: 1)
      let account = "--as=system:serviceaccount:\(space.name):tensorfleet-worker"
      func can(_ words: String...) async throws -> Bool {
        let verb = words[0], resource = words[1]
        let result = try await space.cluster.kubectl("-n", space.name, "auth", "can-i", verb, resource, account)
        return result.output.hasPrefix("yes")
      }
      #expect(try await can("watch", "trainingtasks.tensorfleet.io"))
      for (verb, resource) in [
        ("create", "trainingtasks.tensorfleet.io"), ("delete", "trainingtasks.tensorfleet.io"),
        ("get", "trainingjobs.tensorfleet.io"), ("get", "secrets"), ("list", "pods"), ("create", "pods"),
        ("patch", "workerpools.tensorfleet.io"),
      ] { #expect(try await !can(verb, resource), "\(verb) \(resource)") }
      let status = try await space.cluster.kubectl(
        "-n", space.name, "auth", "can-i", "patch", "trainingtasks.tensorfleet.io", "--subresource=status", account)
      #expect(status.output.hasPrefix("yes"))
      try await space.remove()
    }

    @Test func workersPodsAreRestricted() async throws {
      let space = try await TestNamespace(workers: 1)
      let pod = try #require(try await space.pods().first)
      #expect(pod.spec?.securityContext?.runAsNonRoot == true)
      #expect(pod.spec?.containers.first?.securityContext?.allowPrivilegeEscalation == false)
      #expect(pod.spec?.containers.first?.securityContext?.capabilities?.drop == ["ALL"])
      #expect(pod.spec?.serviceAccountName == "tensorfleet-worker")
      try await space.remove()
    }
  }
}
