import Basics
import Synchronization
import TestSupport
import Testing

@testable import KubeRuntime

@Suite struct WorkQueueTests {
  /// What workers did, in order.
  final class Journal: Sendable {
    struct Entry: Sendable, Equatable {
      var key: Int
      var at: Duration
    }
    let entries = Mutex<[Entry]>([])
    func note(_ key: Int, _ at: Duration) { entries.withLock { $0.append(Entry(key: key, at: at)) } }
    var all: [Entry] { entries.withLock { $0 } }
  }

  private func queue(_ simulation: Simulation, backoff: Backoff = .reconcile) -> WorkQueue<Int> {
    WorkQueue(name: "test", backoff: backoff, clock: simulation.clock, random: SplitMix64(seed: 1))
  }

  @Test func `a waiting worker gets a key the moment it is added`() throws {
    let simulation = Simulation(seed: 1)
    let queue = queue(simulation)
    let clock = simulation.clock
    let (key, waited) = try simulation.run {
      async let next = queue.next()
      try await clock.sleep(for: .seconds(5))
      let added = clock.now
      queue.add(7)
      return (await next, clock.now - added)
    }
    #expect(key == 7)
    #expect(waited == .zero)
  }

  @Test func `a delayed key comes at its time, not before`() throws {
    let simulation = Simulation(seed: 1)
    let queue = queue(simulation)
    let clock = simulation.clock
    let start = clock.now
    let times = try simulation.run {
      queue.add(1, after: .seconds(30))
      queue.add(2, after: .seconds(10))
      var times: [Int: Duration] = [:]
      for _ in 0..<2 {
        guard let key = await queue.next() else { break }
        times[key] = clock.now - start
      }
      return times
    }
    #expect(times == [1: .seconds(30), 2: .seconds(10)])
  }

  @Test func `a queue that gathers folds what comes within its time, and lets what is urgent pass`() throws {
    let simulation = Simulation(seed: 1)
    let clock = simulation.clock
    let queue = WorkQueue<Int>(
      name: "test", gathering: .milliseconds(200), clock: clock, random: SplitMix64(seed: 1))
    let start = clock.now
    let journal = Journal()
    try simulation.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          while let key = await queue.next() {
            journal.note(key, clock.now - start)
            queue.done(key)
          }
        }
        // The time counts from the first addition: those that go on coming do not put the work off.
        for _ in 0..<4 {
          queue.add(1)
          queue.add(2)
          try await clock.sleep(for: .milliseconds(60))
        }
        queue.add(3)
        queue.add(3, urgent: true)
        try await clock.sleep(for: .seconds(1))
        group.cancelAll()
      }
    }
    let expected: [(Int, Int)] = [(1, 200), (2, 200), (3, 240), (3, 440)]
    #expect(
      journal.all.sorted { ($0.at, $0.key) < ($1.at, $1.key) }
        == expected.map { .init(key: $0.0, at: .milliseconds($0.1)) })
  }

  @Test func `a sleeping worker learns of an earlier deadline`() throws {
    let simulation = Simulation(seed: 1)
    let queue = queue(simulation)
    let clock = simulation.clock
    let start = clock.now
    let (key, time) = try simulation.run {
      queue.add(1, after: .seconds(100))
      async let next = queue.next()
      try await clock.sleep(for: .seconds(1))
      queue.add(2, after: .seconds(4))
      return (await next, clock.now - start)
    }
    #expect(key == 2)
    #expect(time == .seconds(5))
  }

  @Test func `a worker that is cancelled takes nothing along`() throws {
    try forEachSeed(50) { seed in
      let simulation = Simulation(seed: seed)
      let queue = queue(simulation)
      let clock = simulation.clock
      let (first, second) = try simulation.run {
        try await withThrowingTaskGroup(of: (Int, Int?).self) { group in
          let other = Gate()
          group.addTask {
            // The first in line: woken for the key and cancelled at the same moment.
            let leaving = Task(executorPreference: simulation) { await queue.next() }
            try await clock.sleep(for: .seconds(2))
            queue.add(9)
            leaving.cancel()
            let key = await leaving.value
            if key != nil { queue.add(10) }
            other.open()
            return (1, key)
          }
          group.addTask {
            try await clock.sleep(for: .seconds(1))
            return (2, await queue.next())
          }
          var results: [Int: Int?] = [:]
          for try await (worker, key) in group { results[worker] = key }
          return (results[1] ?? nil, results[2] ?? nil)
        }
      }
      #expect((first == nil && second == 9) || (first == 9 && second == 10), "seed \(seed)")
    }
  }

  @Test func `while one worker is busy another keeps the time`() throws {
    try forEachSeed(20) { seed in
      let simulation = Simulation(seed: seed)
      let queue = queue(simulation)
      let clock = simulation.clock
      let start = clock.now
      let journal = Journal()
      try simulation.run {
        await withTaskGroup(of: Void.self) { group in
          for _ in 0..<2 {
            group.addTask {
              while let key = await queue.next() {
                journal.note(key, clock.now - start)
                try? await clock.sleep(for: .seconds(10))
                queue.done(key)
              }
            }
          }
          try? await clock.sleep(for: .seconds(1))
          queue.add(1, after: .seconds(1))
          queue.add(2, after: .seconds(3))
          try? await clock.sleep(for: .seconds(60))
          group.cancelAll()
        }
      }
      #expect(journal.all == [.init(key: 1, at: .seconds(2)), .init(key: 2, at: .seconds(4))], "seed \(seed)")
    }
  }

  @Test func `shutting down sends workers home`() throws {
    let simulation = Simulation(seed: 1)
    let queue = queue(simulation)
    let clock = simulation.clock
    let key = try simulation.run {
      queue.add(1, after: .seconds(1000))
      async let next = queue.next()
      try await clock.sleep(for: .seconds(1))
      queue.shutDown()
      return await next
    }
    #expect(key == nil)
    #expect(clock.now < .seconds(1100))
  }

  @Test func `each failure waits longer, and forgetting starts over`() throws {
    let simulation = Simulation(seed: 1)
    let queue = queue(simulation, backoff: Backoff(initial: .seconds(1), cap: .seconds(4), jitter: 0))
    let clock = simulation.clock
    let waits = try simulation.run {
      var waits: [Duration] = []
      for round in 0..<6 {
        if round == 4 { queue.forget(5) }
        let start = clock.now
        queue.addRateLimited(5)
        guard let key = await queue.next() else { break }
        waits.append(clock.now - start)
        queue.done(key)
      }
      return waits
    }
    #expect(waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(4), .seconds(1), .seconds(2)])
  }

  /// Producers and workers at random: what a work queue promises must hold in every order of events.
  @Test func `no key is with two workers, none is lost, none comes early`() throws {
    try forEachSeed(150) { seed in
      let simulation = Simulation(seed: seed)
      let queue = queue(simulation)
      let clock = simulation.clock
      struct Ledger {
        var busy: Set<Int> = []
        /// Keys added that nobody has begun to work on since.
        var owed: Set<Int> = []
        /// The times asked for that no work has reached.
        var dues: [Int: [Duration]] = [:]
        var works = 0
        var violations: [String] = []
      }
      final class Book: Sendable { let ledger = Mutex(Ledger()) }
      let book = Book()
      try simulation.run {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for producer in 0..<3 {
            group.addTask {
              var random = SplitMix64(seed: seed &* 31 &+ UInt64(producer))
              for _ in 0..<60 {
                let key = Int.random(in: 0..<8, using: &random)
                let delay = Duration.milliseconds([0, 0, 5, 50, 400].randomElement(using: &random) ?? 0)
                book.ledger.withLock { ledger in
                  ledger.owed.insert(key)
                  ledger.dues[key, default: []].append(clock.now + delay)
                }
                queue.add(key, after: delay)
                try await clock.sleep(for: .milliseconds(Int.random(in: 0..<30, using: &random)))
              }
            }
          }
          for worker in 0..<3 {
            group.addTask {
              var random = SplitMix64(seed: seed &* 77 &+ UInt64(worker))
              while let key = await queue.next() {
                let now = clock.now
                book.ledger.withLock { ledger in
                  ledger.works += 1
                  if !ledger.busy.insert(key).inserted { ledger.violations.append("\(key) is with two workers") }
                  ledger.owed.remove(key)
                  let left = ledger.dues[key, default: []].filter { $0 > now }
                  if left.count == ledger.dues[key]?.count { ledger.violations.append("\(key) came early") }
                  ledger.dues[key] = left
                }
                try await clock.sleep(for: .milliseconds(Int.random(in: 0..<40, using: &random)))
                _ = book.ledger.withLock { $0.busy.remove(key) }
                queue.done(key)
              }
            }
          }
          group.addTask {
            try await clock.sleep(for: .seconds(60))
            queue.shutDown()
          }
          try await group.waitForAll()
        }
      }
      let ledger = book.ledger.withLock { $0 }
      #expect(ledger.violations.isEmpty, "seed \(seed): \(ledger.violations)")
      #expect(ledger.owed.isEmpty, "seed \(seed): lost \(ledger.owed)")
      #expect(ledger.works > 8 && ledger.works <= 180, "seed \(seed)")
    }
  }

  @Test func `ten thousand keys pass through quickly`() async {
    let queue = WorkQueue<Int>(name: "many")
    let start = ContinuousClock.now
    for key in 0..<10_000 { queue.add(key) }
    for key in 0..<10_000 { queue.add(key, after: .seconds(1000 + key)) }
    var taken = 0
    while queue.depth > 0, let key = await queue.next() {
      queue.done(key)
      taken += 1
    }
    let took = ContinuousClock.now - start
    print("work queue: 10,000 keys added, delayed, taken and done in \(took)")
    #expect(taken == 10_000)
    #expect(queue.delayed == 10_000)
    #expect(took < .seconds(10))
  }
}
