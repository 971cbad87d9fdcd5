import Basics
import FleetAPI
import KubeTypes
import Testing
import TrainingDefinition
import WorkerAgent

/// The worker's pure decisions, as tables.
@Suite struct DecisionTests {
  @Test(
    arguments: [
      // start, fraction, seconds trained, grace, seconds it may go on (nil: hand back)
      (0.0, 0.0, 10.0, 25.0, nil), (0.0, 0.9, 9.0, 25.0, 20.0), (0.0, 0.5, 100.0, 25.0, nil),
      (0.0, 0.5, 16.0, 25.0, 20.0), (0.0, 0.5, 16.1, 25.0, nil), (0.8, 0.9, 1.0, 4.0, 3.0), (0.8, 0.9, 3.0, 4.0, nil),
      (0.0, 1.0, 500.0, 25.0, 20.0), (0.5, 0.5, 3.0, 25.0, nil), (0.0, 0.9, 1.0, 0.0, nil),
    ] as [(Double, Double, Double, Double, Double?)])
  func aTaskIsFinishedWhereTheRestFits(
    _ start: Double, _ fraction: Double, _ elapsed: Double, _ grace: Double, _ within: Double?
  ) {
    let policy = ShutdownPolicy.decide(
      start: start, fraction: fraction, elapsed: .seconds(elapsed), grace: .seconds(grace))
    #expect(policy == within.map { .finish(within: .seconds($0)) } ?? .handBack)
  }

  @Test func checkpointsFollowTheSpec() {
    var policy = CheckpointPolicy(CheckpointSpec(everyEpochs: 3), start: .zero)
    #expect((1...9).filter { policy.isDue(afterEpoch: $0, at: .zero) } == [3, 6, 9])
  }

  @Test func withoutASpecCheckpointsComeAtEpochsFiveSecondsApart() {
    var policy = CheckpointPolicy(nil, start: .seconds(100))
    let due = (1...10).filter { policy.isDue(afterEpoch: $0, at: .seconds(100 + 2 * $0)) }
    #expect(due == [3, 6, 9])
  }

  private func task(
    _ name: String, created: Double = 0, worker: String = "w", uid: String = "u", state: TaskState? = nil,
    stop: StopRequest? = nil
  ) -> TrainingTask {
    var meta = ObjectMeta(name: name, namespace: "default")
    meta.uid = "uid-\(name)"
    meta.creationTimestamp = Timestamp(secondsSince1970: created)
    return TrainingTask(
      metadata: meta,
      spec: TrainingTaskSpec(
        jobName: "j", jobUID: "j", attempt: 0, worker: WorkerReference(name: worker, uid: uid),
        training: World.training, stop: stop),
      status: state.map { TrainingTaskStatus(state: $0) })
  }

  @Test func theOldestOfItsOwnTasksIsNext() {
    var queue = TaskQueue(identity: WorkerIdentity(podName: "w", podUID: "u", namespace: "default"))
    let tasks = [
      task("newer", created: 9), task("foreign", uid: "x"), task("other", worker: "v"),
      task("done", state: .succeeded), task("failed", state: .failed), task("stopped", state: .stopped),
      task("older", created: 5), task("running", created: 7, state: .running),
    ]
    var order: [String] = []
    while let next = queue.next(of: tasks), order.count < 9 {
      order.append(next.name)
      queue.handle(next.uid)
    }
    #expect(order == ["older", "running", "newer"])
    queue.forget(allBut: [])
    #expect(queue.next(of: tasks)?.name == "older")
  }

  @Test func aTaskBeingDeletedIsNotBegunAndStops() {
    let queue = TaskQueue(identity: WorkerIdentity(podName: "w", podUID: "u", namespace: "default"))
    var going = task("going")
    going.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    #expect(queue.next(of: [going]) == nil)
    #expect(queue.stopReason(forTask: going.uid, among: [going]) == .deleted)
    #expect(queue.stopReason(forTask: "uid-a", among: []) == .deleted)
    #expect(queue.stopReason(forTask: "uid-a", among: [task("a")]) == nil)
    #expect(queue.stopReason(forTask: "uid-a", among: [task("a", stop: .draining)]) == .requested("Draining"))
  }

  @Test func theFingerprintIsOfWhatIsTrained() {
    let base = task("a").spec
    func changed(_ change: (inout TrainingTaskSpec) -> Void) -> String {
      var spec = base
      change(&spec)
      return spec.fingerprint(datasetVersion: nil)
    }
    let same = base.fingerprint(datasetVersion: nil)
    #expect(changed { $0.attempt = 4 } == same)
    #expect(changed { $0.worker.name = "other" } == same)
    #expect(changed { $0.training.modelName = "m" } == same)
    #expect(changed { $0.training.checkpoint = CheckpointSpec(everyEpochs: 2) } == same)
    let others = [
      changed { $0.training.epochs += 1 }, changed { $0.training.dataset.seed = 7 },
      changed { $0.training.hyperparameters = [Hyperparameter(name: "C", value: "2")] },
      changed { $0.trial = Trial(index: 1, parameters: []) }, base.fingerprint(datasetVersion: "v"),
    ]
    #expect(Set(others + [same]).count == 6)
  }

  @Test func aTrialIsARunOfItsOwn() {
    var spec = task("a").spec
    #expect(spec.run == "j")
    spec.trial = Trial(index: 3, fold: 1, parameters: [])
    #expect(spec.run == "j-trial-3-fold-1")
  }

  @Test(
    arguments: [
      (0.952, 4, "0.9520"), (1, 0, "1"), (-0.00004, 4, "0.0000"), (-1.5, 1, "-1.5"), (0.99996, 4, "1.0000"),
      (12345.678, 2, "12345.68"), (.nan, 4, nil), (.infinity, 4, nil), (1e300, 4, nil), (1e-9, 6, "0.000000"),
    ] as [(Double, Int, String?)])
  func numbersAreDecimalText(_ value: Double, _ digits: Int, _ text: String?) {
    #expect(DecimalText.text(value, digits: digits) == text)
  }

  @Test(
    arguments: [
      ("RandomForest", 0.952, "2026-12-16T23:59:59Z", "RandomForest_95.2%_Dec16"),
      ("MLP", 1, "2026-01-02T00:00:00Z", "MLP_100.0%_Jan02"), ("SVM", nil, "2026-11-21T08:00:00Z", "SVM_Nov21"),
    ] as [(String, Double?, String, String)])
  func modelsAreNamedAsPeopleKnowThem(_ algorithm: String, _ accuracy: Double?, _ time: String, _ name: String) throws {
    let time = try #require(Timestamp(time))
    #expect(ModelNaming.displayName(algorithm: algorithm, accuracy: accuracy, time: time) == name)
  }
}
