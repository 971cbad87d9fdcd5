import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

struct DispatcherTests {
  private struct Case: CustomTestStringConvertible {
    var testDescription: String
    var queue: [TrainingJob]
    var idle: Int
    var capacity: Int
    var grants: [Dispatcher.Grant]
  }

  private static let cases = [
    Case(testDescription: "nobody waits", queue: [], idle: 3, capacity: 3, grants: []),
    Case(
      testDescription: "one worker each, in order", queue: [makeJob("a"), makeJob("b"), makeJob("c")], idle: 2,
      capacity: 2, grants: [.init(job: "a", workers: 1), .init(job: "b", workers: 1)]),
    Case(
      testDescription: "a gang waits for all, and is not overtaken",
      queue: [makeJob("gang", workers: WorkerRange(min: 3)), makeJob("small")], idle: 2, capacity: 3, grants: []),
    Case(
      testDescription: "a gang that no pool of this size can hold steps aside",
      queue: [makeJob("gang", workers: WorkerRange(min: 4)), makeJob("small")], idle: 2, capacity: 3,
      grants: [.init(job: "small", workers: 1)]),
    Case(
      testDescription: "what is left is shared evenly up to max",
      queue: [makeJob("a", workers: WorkerRange(min: 1, max: 4)), makeJob("b", workers: WorkerRange(min: 1, max: 2))],
      idle: 5, capacity: 5, grants: [.init(job: "a", workers: 3), .init(job: "b", workers: 2)]),
    Case(
      testDescription: "nobody gets more than max", queue: [makeJob("a", workers: WorkerRange(min: 1, max: 2))],
      idle: 5, capacity: 5, grants: [.init(job: "a", workers: 2)]),
  ]

  @Test(arguments: cases) private func grants(_ example: Case) {
    #expect(
      Dispatcher.grants(example.queue.map { Dispatcher.Candidate($0) }, idle: example.idle, capacity: example.capacity)
        == example.grants)
  }

  @Test func theQueueIsByPriorityThenAgeThenName() {
    let jobs = [
      makeJob("young", age: 1), makeJob("b", age: 5), makeJob("a", age: 5), makeJob("urgent", priority: 9),
    ]
    #expect(JobQueue.order(of: jobs, among: jobs.indices).map { jobs[$0].name } == ["urgent", "a", "b", "young"])
  }

  @Test func grantsNeverExceedWhatIsIdleNorLeaveAJobBetweenZeroAndMin() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let jobs = (0..<Int.random(in: 0...8, using: &random)).map { index in
        let low = Int.random(in: 1...4, using: &random)
        return makeJob("j\(index)", workers: WorkerRange(min: low, max: low + Int.random(in: 0...3, using: &random)))
      }
      let idle = Int.random(in: 0...10, using: &random)
      let grants = Dispatcher.grants(jobs.map { Dispatcher.Candidate($0) }, idle: idle, capacity: 10)
      let byName = Dictionary(uniqueKeysWithValues: jobs.map { ($0.name, $0.spec.workers) })
      #expect(grants.reduce(0) { $0 + $1.workers } <= idle, "seed \(seed)")
      for grant in grants {
        let range = byName[grant.job] ?? WorkerRange()
        #expect(grant.workers >= range.min && grant.workers <= range.max, "seed \(seed)")
      }
    }
  }

  @Test func aTaskCarriesASnapshotOfTheSpecAndItsWorker() throws {
    let job = makeJob("iris", status: makeStatus(attempt: 2))
    let pod = makePod(1)
    let world = PoolWorld(pool: makePool(2), pods: [pod], jobs: [job], defaults: defaults, now: start)
    let task = try #require(PoolPlanner.plan(world).tasks.made.first)
    #expect(task.name == "iris-2-0")
    #expect(task.spec.worker == WorkerReference(name: "pool-1", uid: "pod-uid-1"))
    #expect(task.spec.training.modelName == "iris")
    #expect(task.metadata.labels?[Fleet.Label.worker] == "pool-1")
    #expect(task.metadata.controller?.uid == job.uid)
  }

  @Test(arguments: [(1, nil), (200, nil), (201, 2), (1_000, 5), (10_000, 50)] as [(Int, Int?)])
  func theLargerThePoolTheLessOftenEachWorkerReports(workers: Int, seconds: Int?) {
    let world = PoolWorld(
      pool: makePool(workers), pods: [makePod(0)], jobs: [makeJob("iris")], defaults: defaults, now: start)
    #expect(PoolPlanner.plan(world).tasks.made.map(\.spec.reportIntervalSeconds) == [seconds])
  }
}
