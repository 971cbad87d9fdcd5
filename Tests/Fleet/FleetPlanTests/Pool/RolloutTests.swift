import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// A pool whose spec has changed.
struct RolloutTests {
  private let old = makePool(20)

  private func plan(_ change: (inout WorkerPoolSpec) -> Void, _ pods: [Pod], tasks: [TrainingTask] = []) -> PoolPlan {
    var pool = old
    pool.spec.image = "worker:next"
    change(&pool.spec)
    return PoolPlanner.plan(
      PoolWorld(pool: pool, pods: pods, tasks: tasks, defaults: defaults, now: start))
  }

  @Test(arguments: [
    (nil as CountOrShare?, 2), (.count(1), 1), (.count(7), 7), (.percent(25), 5), (.percent(1), 1), (.percent(100), 20),
  ])
  func asManyGoAtOnceAsMayBeUnavailable(_ most: CountOrShare?, _ expected: Int) {
    let pods = (0..<20).map { makePod($0, of: old) }
    #expect(plan({ $0.maxUnavailable = most }, pods).deletedPods.count == expected)
  }

  @Test func whoIsNotReadyAlreadyCountsAndGoesFirst() {
    let pods = (0..<20).map { makePod($0, of: old, ready: $0 != 3) }
    let result = plan({ $0.maxUnavailable = .count(2) }, pods)
    #expect(result.deletedPods.map(\.name) == ["pool-3", "pool-19"])
  }

  @Test func aPoolOfWhichNobodyEverBecameReadyHealsAtOnce() {
    let pods = (0..<20).map { makePod($0, of: old, phase: "Pending", ready: false) }
    #expect(plan({ _ in }, pods).deletedPods.count == 20)
  }

  @Test func aBrokenWorkerStopsNoRollout() {
    // One of the new spec is not ready: one more may go.
    var new = old
    new.spec.image = "worker:next"
    let pods = [makePod(0, of: new, ready: false)] + (1..<20).map { makePod($0, of: old) }
    #expect(plan({ _ in }, pods).deletedPods.map(\.name) == ["pool-19"])
  }

  @Test func whoHasATaskInHandIsWaitedFor() {
    let pods = (0..<20).map { makePod($0, of: old) }
    let busy = (0..<20).map { makeTask(makeJob("job\($0)"), on: pods[$0], state: .running) }
    #expect(plan({ $0.maxUnavailable = .percent(100) }, pods, tasks: busy).deletedPods.isEmpty)
    #expect(
      plan({ $0.maxUnavailable = .percent(100) }, pods, tasks: Array(busy[1...])).deletedPods.map(\.name) == ["pool-0"])
  }

  @Test func aWorkerThatEndedIsReplacedAtOnceByOneOfAnotherSpec() {
    let ended = makePod(0, of: old, phase: "Failed") { pod in
      pod.metadata.annotations?[Fleet.Annotation.replacements] = "5"
    }
    var pool = makePool(1)
    pool.spec.image = "worker:next"
    let result = PoolPlanner.plan(PoolWorld(pool: pool, pods: [ended], defaults: defaults, now: start))
    #expect(result.createdPods.map(\.name) == ["pool-0"])
    #expect(result.createdPods.first?.metadata.annotations?[Fleet.Annotation.replacements] ?? "0" == "0")
  }
}
