import Basics
import TestSupport
import Testing

@testable import KubeRuntime

@Suite struct WorkQueueStateTests {
  private func drain(_ state: inout WorkQueueState<String>) -> [String] {
    var keys: [String] = []
    while let next = state.take() { keys.append(next.key) }
    return keys
  }

  @Test func `keys come in order of addition, each once`() {
    var state = WorkQueueState<String>()
    let added = ["b", "a", "b", "c", "a"].map { state.add($0, at: .zero) }
    #expect(added == [true, true, false, true, false])
    #expect(drain(&state) == ["b", "a", "c"])
  }

  @Test func `a key added while it is worked on comes back after, once`() {
    var state = WorkQueueState<String>()
    _ = state.add("a", at: .zero)
    _ = state.take()
    #expect(state.add("a", at: .zero) == true)
    #expect(state.add("a", at: .zero) == false)
    #expect(state.take() == nil, "it is still with the first worker")
    state.done("a")
    #expect(drain(&state) == ["a"])
    state.done("a")
    #expect(drain(&state).isEmpty)
  }

  @Test func `giving back what nobody has changes nothing`() {
    var state = WorkQueueState<String>()
    _ = state.add("a", at: .zero)
    state.done("a")
    #expect(drain(&state) == ["a"])
  }

  @Test func `of several deadlines the earliest holds`() {
    var state = WorkQueueState<String>()
    for seconds in [5, 3, 9] { state.add("a", at: .seconds(seconds), delayed: ()) }
    #expect(state.nextDeadline == .seconds(3))
    #expect(state.addDue(at: .seconds(2)) == 0)
    #expect(state.addDue(at: .seconds(3)) == 1)
    #expect(state.nextDeadline == nil)
  }

  @Test func `delayed keys come in order of time`() {
    var state = WorkQueueState<String>()
    for (key, seconds) in [("c", 3), ("a", 1), ("d", 4), ("b", 2), ("a", 9)] {
      state.add(key, at: .seconds(seconds), delayed: ())
    }
    #expect(state.addDue(at: .seconds(3)) == 3)
    #expect(drain(&state) == ["a", "b", "c"])
  }

  @Test func `failures are counted in a row and forgotten`() {
    var state = WorkQueueState<String>()
    let counts = (1...3).map { _ in state.countFailure("a") }
    #expect(counts == [1, 2, 3])
    #expect(state.countFailure("b") == 1)
    state.forget("a")
    #expect(state.failureCount("a") == 0 && state.failureCount("b") == 1)
  }

  @Test func `after shutting down, what is ready can be taken and nothing is added`() {
    var state = WorkQueueState<String>()
    _ = state.add("a", at: .zero)
    state.add("b", at: .seconds(1), delayed: ())
    state.shutDown()
    #expect(state.add("c", at: .zero) == false)
    #expect(state.addDue(at: .seconds(5)) == 0)
    #expect(drain(&state) == ["a"])
  }

  @Test func `a heap of deadlines agrees with sorting`() throws {
    try forEachSeed(50) { seed in
      var random = SplitMix64(seed: seed)
      var heap = DeadlineHeap<Int>()
      var model: [Int: Duration] = [:]
      for _ in 0..<300 {
        if Bool.random(using: &random) {
          let key = Int.random(in: 0..<60, using: &random)
          let deadline = Duration.milliseconds(Int.random(in: 0..<1000, using: &random))
          heap.insert(key, at: deadline)
          model[key] = min(model[key] ?? deadline, deadline)
        } else {
          let now = Duration.milliseconds(Int.random(in: 0..<400, using: &random))
          #expect(heap.first == model.values.min(), "seed \(seed)")
          if let key = heap.popDue(at: now) {
            #expect(model[key] == model.values.min(), "seed \(seed)")
            model[key] = nil
          } else {
            #expect(model.values.allSatisfy { $0 > now }, "seed \(seed)")
          }
        }
        #expect(heap.count == model.count, "seed \(seed)")
      }
    }
  }
}
