import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import TestSupport
import Testing

/// Who is in an attempt's group, under which rank, since which generation.
struct GroupPlanTests {
  private let job = makeJob(workers: WorkerRange(min: 1, max: 4))

  private func plan(
    _ pods: [Pod], _ jobs: [TrainingJob], _ tasks: [TrainingTask] = [], ranks: Int = 8, replicas: Int = 8
  ) -> PoolPlan {
    PoolPlanner.plan(
      PoolWorld(
        pool: makePool(replicas), pods: pods, jobs: jobs, tasks: tasks, defaults: defaults, ranksAtMost: ranks,
        now: start))
  }

  /// What the server has once a plan is carried out.
  private func carryOut(_ changes: TaskChanges, on tasks: [TrainingTask]) -> [TrainingTask] {
    var result = tasks
    for regrouping in changes.regrouped {
      for place in result.indices where result[place].uid == regrouping.task.uid {
        result[place].spec.group = regrouping.group
      }
    }
    for stop in changes.stopped {
      for place in result.indices where result[place].uid == stop.task.uid { result[place].spec.stop = stop.request }
    }
    return result
      + changes.made.map { task in
        var task = task
        task.metadata.uid = "uid-\(task.name)"
        task.status = TrainingTaskStatus(state: .running)
        return task
      }
  }

  @Test func aGroupOfOneHasNoObject() {
    let result = plan([makePod(0)], [job])
    #expect(result.tasks.made.map(\.name) == ["job-0-0"])
    #expect(result.tasks.made.map(\.spec.group) == [RankGroup(generation: 1, rank: 0, size: 1)])
    #expect(result.tasks.groups.isEmpty && result.tasks.regrouped.isEmpty)
  }

  @Test func membersStandOnceInOneObjectInTheOrderOfRanks() throws {
    let pods = (0..<3).map { index in makePod(index) { $0.status?.podIP = "10.0.0.\(index)" } }
    let result = plan(pods, [job], replicas: 3)
    #expect(result.tasks.made.map(\.name) == ["job-0-0", "job-0-1", "job-0-2"])
    #expect(result.tasks.made.map(\.spec.group.rank) == [0, 1, 2])
    let group = try #require(result.tasks.groups.first)
    #expect(group.metadata.name == "job-0" && group.metadata.controller?.uid == job.uid)
    #expect(group.spec.generation == 1)
    #expect(group.spec.members.map(\.address) == ["10.0.0.0", "10.0.0.1", "10.0.0.2"])
    #expect(group.spec.members.map(\.task) == ["job-0-0", "job-0-1", "job-0-2"])
    let settled = plan(pods, [job], carryOut(result.tasks, on: []), replicas: 3)
    #expect(settled.tasks.groups.isEmpty && settled.tasks.regrouped.isEmpty && settled.tasks.made.isEmpty)
  }

  @Test func aLostMembersRankIsTakenOverUnderAnotherNumber() throws {
    let pods = (0..<3).map { makePod($0) }
    let tasks = carryOut(plan(pods, [job], replicas: 3).tasks, on: [])
    // The worker of member 0 is gone: the others close up.
    let survivors = plan(Array(pods[1...]), [job], tasks, replicas: 2)
    #expect(survivors.tasks.regrouped.map(\.task.name) == ["job-0-1", "job-0-2"])
    #expect(survivors.tasks.regrouped.map(\.group.rank) == [0, 1])
    #expect(survivors.tasks.groups.map(\.spec.generation) == [2])
    // Another worker comes: it gets a number that nobody had, and the last rank.
    let closed = carryOut(survivors.tasks, on: tasks)
    let fresh = makePod(0, uid: "pod-uid-new")
    let grown = plan([fresh] + pods[1...], [job], closed, replicas: 3)
    #expect(grown.tasks.made.map(\.name) == ["job-0-3"])
    #expect(grown.tasks.made.map(\.spec.group) == [RankGroup(generation: 3, rank: 2, size: 3)])
    #expect(grown.tasks.groups.first?.spec.members.map(\.member) == [1, 2, 3])
    #expect(grown.tasks.groups.first?.spec.generation == 3)
  }

  @Test func whoIsToldToStopIsInNoGroupAnyMore() {
    let pods = (0..<2).map { makePod($0) }
    var tasks = carryOut(plan(pods, [job], replicas: 2).tasks, on: [])
    tasks[1].spec.stop = .draining
    let result = plan(pods, [job], tasks, replicas: 2)
    #expect(result.tasks.groups.first?.spec.members.map(\.member) == [0])
    #expect(result.tasks.regrouped.map(\.group) == [RankGroup(generation: 2, rank: 0, size: 1)])
  }

  @Test func whatIsIdleGoesToThoseThatWaitBeforeThoseThatGrow() {
    let running = makeJob("running", workers: WorkerRange(min: 1, max: 4))
    let waiting = makeJob("waiting", workers: WorkerRange(min: 2, max: 2))
    let held = carryOut(plan([makePod(0)], [running], replicas: 1).tasks, on: [])
    let result = plan((0..<4).map { makePod($0) }, [running, waiting], held, replicas: 4)
    #expect(result.tasks.made.map(\.spec.jobName).sorted() == ["running", "waiting", "waiting"])
  }

  /// Workers come, go and are told to stop at random; after each plan is carried out: ranks are 0 to size − 1, each once; every
  /// member of a group knows the same generation; generations and member numbers only rise; no number is given twice.
  @Test func membershipHoldsWhateverHappens() throws {
    try forEachSeed(100) { seed in
      var random = SplitMix64(seed: seed)
      let jobs = [
        makeJob("a", workers: WorkerRange(min: 1, max: 4)), makeJob("b", workers: WorkerRange(min: 2, max: 3)),
      ]
      var pods: [Pod] = []
      var tasks: [TrainingTask] = []
      var names: Set<String> = []
      var generations: [String: Int] = [:]
      for step in 0..<40 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1:
          if pods.count < 8,
            let index = (0..<8).first(where: { index in !pods.contains { $0.name == "pool-\(index)" } })
          {
            pods.append(makePod(index, uid: "pod-\(step)"))
          }
        case 2: if !pods.isEmpty { pods.remove(at: Int.random(in: 0..<pods.count, using: &random)) }
        default:
          let open = tasks.indices.filter { tasks[$0].spec.stop == nil && tasks[$0].state == .running }
          if let place = open.randomElement(using: &random) { tasks[place].spec.stop = .draining }
        }
        let alive = Set(pods.map(\.uid))
        for place in tasks.indices where tasks[place].spec.stop != nil { tasks[place].status?.state = .stopped }
        // What the jobs' own plans would do: an attempt of which nobody is left is over.
        let inHand = tasks.filter { $0.state == .running && alive.contains($0.spec.worker.uid) }
        tasks.removeAll { task in !inHand.contains { $0.spec.jobName == task.spec.jobName } }
        for job in jobs where !inHand.contains(where: { $0.spec.jobName == job.name }) {
          names = names.filter { !$0.hasPrefix(job.name) }
          generations[job.name] = 0
        }
        let result = plan(pods, jobs, tasks)
        for task in result.tasks.made { #expect(names.insert(task.name).inserted, "\(task.name) twice") }
        tasks = carryOut(result.tasks, on: tasks)
        for job in jobs {
          let group = tasks.filter {
            $0.spec.jobName == job.name && $0.state == .running && $0.spec.stop == nil
              && alive.contains($0.spec.worker.uid)
          }
          guard let first = group.first else { continue }
          #expect(group.map(\.spec.group.rank).sorted() == Array(0..<group.count))
          #expect(group.allSatisfy { $0.spec.group.size == group.count })
          #expect(group.allSatisfy { $0.spec.group.generation == first.spec.group.generation })
          #expect(first.spec.group.generation >= generations[job.name] ?? 0)
          generations[job.name] = first.spec.group.generation
          if group.count > 1, let written = result.tasks.groups.last(where: { $0.spec.jobName == job.name }) {
            #expect(
              written.spec.members.map(\.task) == group.sorted { $0.spec.group.rank < $1.spec.group.rank }.map(\.name))
          }
        }
      }
    }
  }
}
