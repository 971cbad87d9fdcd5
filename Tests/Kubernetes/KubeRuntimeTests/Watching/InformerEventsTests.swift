import Basics
import KubeAccess
import KubeTypes
import Logging
import TestSupport
import Testing

@testable import KubeRuntime

/// Subscribers of a cache come and go, fast and slow ones.
@Suite struct InformerEventsTests {
  private func simulate(
    seed: UInt64 = 1,
    _ body: @escaping @Sendable (WatchedAPI, Informer<Note>, VirtualClock, Simulation) async throws -> Void
  ) throws {
    let simulation = Simulation(seed: seed)
    let clock = simulation.clock
    let api = WatchedAPI()
    let informer = Informer(
      KubeClient(transport: api, clock: clock).resource(Note.self, namespace: "ns"), clock: clock,
      random: SplitMix64(seed: seed), log: LeaderElectorTests.quiet)
    try simulation.run {
      let run = Task(executorPreference: simulation) { await informer.run() }
      try await body(api, informer, clock, simulation)
      run.cancel()
      await run.value
    }
  }

  private static func summary(_ event: InformerEvent<Note>?) -> String {
    switch event {
    case .content(let notes)?: "=" + notes.map { "\($0.name)@\($0.resourceVersion)" }.joined(separator: ",")
    case .change(let change)?: change.summary
    case nil: "end"
    }
  }

  @Test func `who comes late begins with the present content, then hears of changes`() throws {
    try simulate { api, informer, clock, _ in
      api.write("a", text: "x")
      try await informer.waitUntilSynced()
      try await clock.sleep(for: .seconds(1))
      api.write("b", text: "x")
      try await clock.sleep(for: .seconds(1))
      let events = informer.events().makeAsyncIterator()
      #expect(Self.summary(await events.next()) == "=a@11,b@12")
      api.write("a", text: "y")
      api.write("b", text: "", delete: true)
      #expect(Self.summary(await events.next()) == "~a@11->13")
      #expect(Self.summary(await events.next()) == "-b@14")
    }
  }

  @Test func `before there is a first list a subscriber waits for it`() throws {
    let simulation = Simulation(seed: 1)
    let api = WatchedAPI()
    api.write("a", text: "x")
    let informer = Informer(
      KubeClient(transport: api).resource(Note.self, namespace: "ns"), clock: simulation.clock,
      random: SplitMix64(seed: 1), log: LeaderElectorTests.quiet)
    let first = try simulation.run {
      let events = Task(executorPreference: simulation) {
        Self.summary(await informer.events().makeAsyncIterator().next())
      }
      try await simulation.clock.sleep(for: .seconds(5))
      let run = Task(executorPreference: simulation) { await informer.run() }
      let first = await events.value
      run.cancel()
      await run.value
      return first
    }
    #expect(first == "=a@11")
  }

  @Test func `who lags behind the limit gets the content anew, and holds up nobody`() throws {
    try simulate { api, informer, clock, _ in
      try await informer.waitUntilSynced()
      try await clock.sleep(for: .seconds(1))
      let slow = informer.events(bufferLimit: 3).makeAsyncIterator()
      let fast = informer.events(bufferLimit: 100).makeAsyncIterator()
      _ = await slow.next()
      _ = await fast.next()
      for number in 0..<10 { api.write("n\(number)", text: "x") }
      for number in 0..<10 { #expect(Self.summary(await fast.next()) == "+n\(number)@\(11 + number)") }
      guard case .content(let notes)? = await slow.next() else {
        Issue.record("lost changes have to be told")
        return
      }
      #expect(notes.count == 10)
      api.write("n0", text: "y")
      #expect(Self.summary(await slow.next()) == "~n0@11->21")
    }
  }

  @Test func `cancellation ends a subscription, and nothing is kept for it`() throws {
    try simulate { api, informer, clock, simulation in
      try await informer.waitUntilSynced()
      let subscriber = Task(executorPreference: simulation) {
        var count = 0
        for await _ in informer.events() { count += 1 }
        return count
      }
      try await clock.sleep(for: .seconds(1))
      api.write("a", text: "x")
      try await clock.sleep(for: .seconds(1))
      #expect(informer.handlerCount == 1)
      subscriber.cancel()
      #expect(await subscriber.value == 2)
      #expect(informer.handlerCount == 0)
    }
  }

  /// Whatever the pace of both sides, a subscriber that keeps a copy has what the cache has in the end.
  @Test func `a copy kept by events equals the cache in the end`() throws {
    try forEachSeed(60) { seed in
      try simulate(seed: seed) { api, informer, clock, simulation in
        let copy = Task(executorPreference: simulation) { () -> [String: String] in
          var random = SplitMix64(seed: seed &+ 7)
          var copy: [String: String] = [:]
          for await event in informer.events(bufferLimit: 4) {
            switch event {
            case .content(let notes):
              copy = Dictionary(uniqueKeysWithValues: notes.map { ($0.name, $0.resourceVersion) })
            case .change(.applied(_, let note)): copy[note.name] = note.resourceVersion
            case .change(.deleted(let note)): copy[note.name] = nil
            }
            try? await clock.sleep(for: .milliseconds(Int.random(in: 0...30, using: &random)))
          }
          return copy
        }
        var random = SplitMix64(seed: seed)
        for _ in 0..<80 {
          let name = "n\(Int.random(in: 0..<6, using: &random))"
          api.write(name, text: "x", delete: api.notes[name] != nil && Int.random(in: 0..<4, using: &random) == 0)
          try await clock.sleep(for: .milliseconds(Int.random(in: 0...20, using: &random)))
        }
        try await clock.sleep(for: .seconds(10))
        copy.cancel()
        let held = Dictionary(uniqueKeysWithValues: informer.store.all.map { ($0.name, $0.resourceVersion) })
        #expect(await copy.value == held, "seed \(seed)")
      }
    }
  }
}
