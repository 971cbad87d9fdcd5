import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import TestSupport
import Testing

/// What holds for a set of tasks, whatever their number.
struct AttemptTests {
  private let job = makeJob(workers: WorkerRange(min: 1, max: 4))
  private let bad = TaskFailure(reason: "NotANumber", message: "line 3", retryable: false)
  private let flaky = TaskFailure(reason: "FileUnreadable", message: "gone", retryable: true)

  /// A member of the job's attempt; its worker is `pool-<member>`.
  private func member(
    _ number: Int, _ state: TaskState?, rank: Int? = nil, failure: TaskFailure? = nil
  ) -> TrainingTask {
    makeTask(job, on: makePod(number), state: state, failure: failure) {
      $0.metadata.name = TrainingTask.name(job: job.name, attempt: 0, member: number)
      $0.metadata.uid = "uid-member-\(number)"
      $0.spec.member = number
      $0.spec.group = RankGroup(generation: 1, rank: rank ?? number, size: 3)
    }
  }

  private func attempt(_ tasks: [TrainingTask], dead: Set<Int> = []) -> Attempt {
    Attempt(0, of: tasks, liveWorkers: Set((0..<8).filter { !dead.contains($0) }.map { "pod-uid-\($0)" }))
  }

  private func name(_ state: Attempt.State) -> String {
    switch state {
    case .unbegun: "unbegun"
    case .running(let task): "running \(task.spec.member)"
    case .reporting(let task): "reporting \(task.spec.member)"
    case .trained(let task): "trained \(task.spec.member)"
    case .failed(let task, let failure): "failed \(task.spec.member) \(failure.reason)"
    case .lost(let task, _): "lost \(task.spec.member)"
    case .givenBack(let task): "given back \(task.spec.member)"
    }
  }

  @Test func theStateOfTheSetIsAFoldOverItsTasks() {
    let table: [(tasks: [TrainingTask], dead: Set<Int>, state: String)] = [
      ([], [], "unbegun"),
      ([member(0, nil)], [], "running 0"),
      ([member(0, .running)], [0], "lost 0"),
      ([member(0, .reporting)], [], "reporting 0"),
      ([member(0, .reporting)], [0], "lost 0"),
      ([member(0, .succeeded)], [0], "trained 0"),
      ([member(0, .stopped)], [], "given back 0"),
      // Whoever is left goes on, and the lowest rank speaks.
      ([member(0, .running), member(1, .running), member(2, .running)], [0], "running 1"),
      ([member(0, .running), member(1, .running), member(2, .running)], [0, 1, 2], "lost 0"),
      ([member(0, .stopped), member(1, .running)], [], "running 1"),
      ([member(0, .stopped), member(1, .stopped)], [], "given back 0"),
      ([member(0, .stopped), member(1, .running)], [1], "lost 1"),
      // A rank that was taken over: its new holder speaks.
      ([member(0, .stopped), member(3, .running, rank: 0), member(1, .running, rank: 1)], [], "running 3"),
      // Only rank 0 says that it is done.
      ([member(0, .running), member(1, .succeeded)], [], "running 0"),
      ([member(0, .succeeded), member(1, .running)], [], "trained 0"),
      // One that fails ends all; what no retry mends comes first.
      ([member(0, .running), member(1, .failed, failure: flaky)], [], "failed 1 FileUnreadable"),
      (
        [member(0, .failed, failure: flaky), member(1, .failed, failure: bad)], [], "failed 1 NotANumber"
      ),
    ]
    for row in table {
      #expect(name(attempt(row.tasks, dead: row.dead).state) == row.state, "\(row.tasks.map(\.name)), dead \(row.dead)")
    }
  }

  @Test func tasksOfOtherAttemptsDoNotCount() {
    let other = makeTask(job, on: pod, attempt: 1, state: .failed, failure: bad)
    #expect(name(attempt([other, member(0, .running)]).state) == "running 0")
  }

  @Test func aJobOfManyWorkersIsToldInOneSentence() {
    let members = (0..<5).map { member($0, .running) }
    let status = plan(job, tasks: members, live: Set((0..<5).map { "pod-uid-\($0)" })).status
    #expect(status.workers == 5)
    #expect(status.summary?.message == "attempt 0 on workers pool-0, pool-1, pool-2 and 2 more")
    let two = plan(job, tasks: Array(members.prefix(2)), live: ["pod-uid-0", "pod-uid-1"]).status
    #expect(two.summary?.message == "attempt 0 on workers pool-0, pool-1")
  }

  @Test func aLossThatOthersSurviveIsNoFailedAttempt() {
    let members = (0..<3).map { member($0, .running) }
    let survived = plan(job, tasks: members, live: ["pod-uid-1", "pod-uid-2"]).status
    #expect(survived.attempt == 0 && survived.restarts == 0 && survived.workers == 2)
    let lost = plan(job, tasks: members, live: []).status
    #expect(lost.attempt == 1 && lost.restarts == 1)
  }

  @Test func suspensionAndDeadlineReachEveryMember() {
    let members = (0..<3).map { member($0, .running) }
    let live = Set((0..<3).map { "pod-uid-\($0)" })
    var held = job
    held.spec.suspend = true
    #expect(plan(held, tasks: members, live: live).tasks.stopped.count == 3)
    var late = job
    late.spec.activeDeadlineSeconds = 1
    late.status = makeStatus(startTime: start)
    let over = plan(late, tasks: members, live: live, after: 2)
    #expect(over.tasks.stopped.map(\.request) == [.deadlineExceeded, .deadlineExceeded, .deadlineExceeded])
    #expect(over.status.failure?.reason == "DeadlineExceeded")
  }

  /// Whatever the tasks report in whatever order: an end stays an end, a loss is counted once, and each is counted.
  @Test func endsStayAndLossesAreCountedOnce() throws {
    try forEachSeed(200) { seed in
      var random = SplitMix64(seed: seed)
      var job = makeJob(workers: WorkerRange(min: 1, max: 4), backoffLimit: 1000)
      var tasks: [TrainingTask] = []
      var live: Set<String> = []
      var attemptsLost = 0
      for step in 0..<60 {
        let attempt = job.status?.attempt ?? 0
        let current = tasks.filter { $0.spec.attempt == attempt }
        if current.isEmpty {
          for number in 0..<Int.random(in: 1...4, using: &random) {
            live.insert("pod-uid-\(step * 10 + number)")
            tasks.append(
              makeTask(job, on: makePod(step * 10 + number), attempt: attempt, state: .running) {
                $0.metadata.name = TrainingTask.name(job: job.name, attempt: attempt, member: number)
                $0.metadata.uid = "uid-\(attempt)-\(number)"
                $0.spec.member = number
                $0.spec.group = RankGroup(generation: 1, rank: number, size: 4)
              })
          }
        } else if let victim = current.randomElement(using: &random) {
          live.remove(victim.spec.worker.uid)
          if !tasks.contains(where: { $0.spec.attempt == attempt && live.contains($0.spec.worker.uid) }) {
            attemptsLost += 1
          }
        }
        let next = plan(job, tasks: tasks, live: live)
        job.status = next.status
        #expect(plan(job, tasks: tasks, live: live).status.restarts == next.status.restarts, "counted twice")
        tasks.removeAll { task in next.tasks.deleted.contains { $0.uid == task.uid } }
      }
      #expect(job.status?.restarts == attemptsLost)
    }
  }
}
