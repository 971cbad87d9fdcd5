import Basics
import KubeAccess
import KubeTypes
import TestSupport
import Testing

@testable import KubeRuntime

/// A reflector against a server that changes at random and a network that breaks at random.
@Suite struct ReflectorPropertyTests {
  struct World {
    var server = ModelServer()
    var random: SplitMix64
    let store = Store<Note>(indexes: [StoreIndex("text") { [$0.text] }])
    var reflector: Reflector<Note>
    var action: WatcherStateMachine.Action
    /// The state that the changes delivered so far add up to.
    var replayed: [ObjectKey: Note] = [:]
    var lists = 0
    var gones = 0
    /// Position of the open watch.
    var sent = 0

    init(seed: UInt64) {
      random = SplitMix64(seed: seed)
      reflector = Reflector(store: store, machine: WatcherStateMachine(random: SplitMix64(seed: seed)))
      action = reflector.start()
    }

    mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }

    mutating func change() {
      server.write(
        "n\(Int.random(in: 0..<12, using: &random))", text: "t\(Int.random(in: 0..<4, using: &random))",
        delete: chance(0.3))
    }

    mutating func take(_ changes: [ObjectChange<Note>]) {
      for change in changes {
        switch change {
        case .applied(let old, let new):
          #expect(replayed[new.key] == old, "a change must start from what was delivered before")
          replayed[new.key] = new
        case .deleted(let last):
          #expect(replayed[last.key]?.uid == last.uid, "only what was delivered can go")
          replayed[last.key] = nil
        }
      }
    }

    /// Does what the reflector asks; with `faults`, things go wrong.
    mutating func step(faults: Bool) {
      switch action {
      case .list(let token):
        if token == nil { lists += 1 }
        if faults, chance(0.2) {
          action = reflector.listFailed(.failed("list"))
          return
        }
        do {
          let page = try server.list(limit: 3, token: token)
          let items = page.items.map { Readable.object($0) }
          let outcome = reflector.pageArrived(
            ObjectList(
              metadata: ListMeta(resourceVersion: String(page.version), continue: page.token), items: items))
          take(outcome.changes)
          guard let next = outcome.action else { Issue.record("a page led nowhere"); return }
          action = next
        } catch { action = reflector.listFailed(.gone) }
      case .wait: action = reflector.waited()
      case .watch(let request): watch(request, faults: faults)
      }
    }

    private mutating func watch(_ request: WatcherStateMachine.WatchRequest, faults: Bool) {
      guard let version = Int(request.resourceVersion) else {
        Issue.record("version \(request.resourceVersion)"); return
      }
      if faults, chance(0.1) {
        action = reflector.watchFailed(.failed("open"))
        return
      }
      guard let events = try? server.events(after: version) else {
        gones += 1
        guard chance(0.5) else {
          action = reflector.watchFailed(.gone)
          return
        }
        // The same as an event of an open watch.
        reflector.watchOpened()
        let outcome = reflector.eventArrived(.error(Status(reason: .expired, code: 410)))
        guard let next = outcome.action else { Issue.record("a 410 event led nowhere"); return }
        action = next
        return
      }
      reflector.watchOpened()
      for event in events {
        if faults, chance(0.1) {
          action = reflector.watchFailed(.failed("broken"))
          return
        }
        let item = Readable.object(event.object)
        let outcome =
          switch event.kind {
          case .added: reflector.eventArrived(.added(item))
          case .modified: reflector.eventArrived(.modified(item))
          case .deleted: reflector.eventArrived(.deleted(item))
          }
        take(outcome.changes)
      }
      if chance(0.5) { take(reflector.eventArrived(.bookmark(resourceVersion: String(server.version))).changes) }
      action = reflector.watchEnded(after: .seconds(250))
    }
  }

  @Test func `the store ends up equal to the server, and the changes add up to it`() throws {
    var gones = 0
    try forEachSeed(300) { seed in
      var world = World(seed: seed)
      for _ in 0..<120 {
        for _ in 0..<Int.random(in: 0..<3, using: &world.random) { world.change() }
        if world.chance(0.05) { world.server.compact() }
        world.step(faults: true)
      }
      for _ in 0..<40 { world.step(faults: false) }
      let held = Dictionary(uniqueKeysWithValues: world.store.all.map { ($0.name, $0) })
      #expect(held == world.server.objects, "seed \(seed)")
      #expect(
        world.replayed.count == held.count && world.replayed.values.allSatisfy { held[$0.name] == $0 }, "seed \(seed)")
      for text in ["t0", "t1", "t2", "t3"] {
        #expect(
          Set(world.store.indexed("text", text).map(\.name))
            == Set(world.server.objects.values.filter { $0.text == text }.map(\.name)), "seed \(seed)")
      }
      gones += world.gones
    }
    #expect(gones > 100, "the test must meet 410s")
  }

  @Test func `without a 410 there is one list, whatever else breaks`() throws {
    try forEachSeed(100) { seed in
      var world = World(seed: seed)
      while !world.store.isSynced { world.step(faults: false) }
      for _ in 0..<100 {
        world.change()
        world.step(faults: true)
      }
      #expect(world.lists == 1, "seed \(seed)")
    }
  }
}

@Suite struct ReflectorTests {
  private func synced(_ notes: [Note], trim: @escaping @Sendable (inout Note) -> Void = { _ in }) -> (
    Reflector<Note>, Store<Note>
  ) {
    let store = Store<Note>()
    var reflector = Reflector(store: store, trim: trim)
    _ = reflector.start()
    _ = reflector.pageArrived(
      ObjectList(metadata: ListMeta(resourceVersion: "9"), items: notes.map { .object($0) }))
    reflector.watchOpened()
    return (reflector, store)
  }

  @Test func `objects are trimmed before they are kept, from lists and from events`() {
    var (reflector, store) = synced([Note("a", text: "long")]) { $0.text = "" }
    _ = reflector.eventArrived(.added(.object(Note("b", version: 10, text: "long"))))
    #expect(store.all.map(\.text) == ["", ""])
  }

  @Test func `the store is not touched before the last page is here`() {
    let store = Store<Note>()
    var reflector = Reflector(store: store)
    _ = reflector.start()
    _ = reflector.pageArrived(
      ObjectList(metadata: ListMeta(resourceVersion: "9", continue: "x"), items: [.object(Note("a"))]))
    #expect(store.count == 0 && !store.isSynced)
    let outcome = reflector.pageArrived(
      ObjectList(metadata: ListMeta(resourceVersion: "9"), items: [.object(Note("b"))]))
    #expect(outcome.changes.map(\.summary) == ["+a@1", "+b@1"])
    #expect(store.count == 2 && store.isSynced)
  }

  @Test func `pages of a list that failed are not mixed into the next one`() {
    let store = Store<Note>()
    var reflector = Reflector(store: store)
    _ = reflector.start()
    _ = reflector.pageArrived(
      ObjectList(metadata: ListMeta(resourceVersion: "9", continue: "x"), items: [.object(Note("stale"))]))
    _ = reflector.listFailed(.failed("x"))
    _ = reflector.waited()
    _ = reflector.pageArrived(ObjectList(metadata: ListMeta(resourceVersion: "9"), items: [.object(Note("b"))]))
    #expect(store.all.map(\.name) == ["b"])
  }

  @Test func `an object that cannot be read keeps its last known state and is reported`() throws {
    var (reflector, store) = synced([Note("a", text: "known")])
    let bad = try JSON.decode(
      Readable<Note>.self,
      from: JSON.encode(
        JSONValue.object(["metadata": ["namespace": "ns", "name": "a", "resourceVersion": "12"], "text": 5])))
    let outcome = reflector.eventArrived(.modified(bad))
    #expect(outcome.unreadable.map(\.key) == [.note("a")])
    #expect(outcome.changes.isEmpty)
    #expect(store[.note("a")]?.text == "known")
    #expect(reflector.machine.state == .watching(resourceVersion: "12"), "it is not asked for again and again")
  }

  @Test func `a deletion delivers the state the server sent with it`() {
    var (reflector, _) = synced([Note("a", version: 1)])
    let outcome = reflector.eventArrived(.deleted(.object(Note("a", version: 11, text: "last"))))
    #expect(outcome.changes.map(\.summary) == ["-a@11"])
  }
}
