import Basics
import KubeTypes
import Logging
import Synchronization
import TestSupport
import Testing

@testable import KubeRuntime

@Suite struct OwnWritesTests {
  private let clock = VirtualClock()
  private var quiet: Logger { Logger(label: "t") { _ in SwiftLogNoOpLogHandler() } }
  private func barrier() -> OwnWrites<String> { OwnWrites(clock: clock, log: quiet) }

  private func seen(_ note: Note) -> ObjectChange<Note> { .applied(old: nil, new: note) }

  @Test func `a key without writes is settled`() {
    #expect(barrier().isSettled("job"))
  }

  @Test(arguments: [(7, false), (8, true), (9, true)])
  func `a write settles with its own version or a newer one`(version: Int, settled: Bool) {
    let writes = barrier()
    writes.expect("job", updated: Note("a", version: 8))
    #expect(!writes.isSettled("job"))
    writes.observe(seen(Note("a", version: version)))
    #expect(writes.isSettled("job") == settled)
    #expect(writes.isSettled("other"))
  }

  @Test func `another object's news does not settle it`() {
    let writes = barrier()
    writes.expect("job", created: Note("a", uid: "ours", version: 8))
    writes.observe(seen(Note("a", uid: "theirs", version: 7)))
    #expect(!writes.isSettled("job"))
  }

  @Test func `a write that the watch showed before the answer came is settled at once`() {
    let writes = barrier()
    writes.observe(seen(Note("a", version: 8)))
    writes.expect("job", created: Note("a", version: 8))
    #expect(writes.isSettled("job"))
  }

  @Test func `an object seen deleted settles all writes to it, before or after`() {
    let writes = barrier()
    writes.expect("job", created: Note("a", uid: "x", version: 8))
    writes.observe(ObjectChange.deleted(Note("a", uid: "x", version: 3)))
    #expect(writes.isSettled("job"))
    writes.expect("job", updated: Note("a", uid: "x", version: 100))
    #expect(writes.isSettled("job"), "gone objects do not come back")
  }

  @Test func `a deletion settles when the object is seen going`() {
    let writes = barrier()
    writes.expectDeletion("job", of: Note("a", uid: "x", version: 8))
    writes.observe(seen(Note("a", uid: "x", version: 9)))
    #expect(!writes.isSettled("job"))
    var terminating = Note("a", uid: "x", version: 10)
    terminating.metadata.deletionTimestamp = .now
    writes.observe(seen(terminating))
    #expect(writes.isSettled("job"))
  }

  @Test func `a deletion that was seen before its call returned is settled`() {
    let writes = barrier()
    writes.observe(ObjectChange.deleted(Note("a", uid: "x", version: 9)))
    writes.expectDeletion("job", of: Note("a", uid: "x", version: 8))
    #expect(writes.isSettled("job"))
  }

  @Test func `a write after a deletion does not hide that the deletion is to be seen`() {
    let writes = barrier()
    writes.expectDeletion("job", of: Note("a", uid: "x", version: 8))
    writes.expect("job", updated: Note("a", uid: "x", version: 9))
    writes.observe(seen(Note("a", uid: "x", version: 9)))
    #expect(!writes.isSettled("job"))
  }

  @Test func `all writes of a key must be seen`() {
    let writes = barrier()
    writes.expect("job", created: Note("a", uid: "1", version: 8))
    writes.expect("job", created: Note("b", uid: "2", version: 9))
    writes.observe(seen(Note("a", uid: "1", version: 8)))
    #expect(!writes.isSettled("job"))
    writes.observe(seen(Note("b", uid: "2", version: 9)))
    #expect(writes.isSettled("job"))
  }

  @Test func `two keys may wait for one object`() {
    let writes = barrier()
    writes.expect("one", updated: Note("a", version: 8))
    writes.expect("two", updated: Note("a", version: 9))
    writes.observe(seen(Note("a", version: 8)))
    #expect(writes.isSettled("one") && !writes.isSettled("two"))
    writes.observe(seen(Note("a", version: 9)))
    #expect(writes.isSettled("two"))
  }

  @Test func `versions that are no integers must be equal`() {
    let writes = barrier()
    var opaque = Note("a")
    opaque.metadata.resourceVersion = "abc"
    writes.expect("job", updated: opaque)
    writes.observe(seen(Note("a", version: 99)))
    #expect(!writes.isSettled("job"))
    writes.observe(seen(opaque))
    #expect(writes.isSettled("job"))
  }

  @Test func `what is never seen is given up after the expiry`() {
    let writes = barrier()
    writes.expect("job", created: Note("a", version: 8))
    clock.advance(by: .seconds(29))
    #expect(!writes.isSettled("job"))
    clock.advance(by: .seconds(1))
    #expect(writes.isSettled("job"))
  }

  @Test func `forgetting a key settles it and nobody else`() {
    let writes = barrier()
    writes.expect("one", updated: Note("a", version: 8))
    writes.expect("two", updated: Note("a", version: 8))
    writes.forget("one")
    #expect(writes.isSettled("one") && !writes.isSettled("two"))
  }

  /// A reconciler that makes a child if its cache shows none: behind a cache that lags, only the barrier keeps it from making two.
  @Test(arguments: [true, false])
  func `a reconciler behind a stale cache does not act twice`(withBarrier: Bool) throws {
    var duplicates = 0
    try forEachSeed(100) { seed in
      var random = SplitMix64(seed: seed)
      let writes = OwnWrites<String>(clock: VirtualClock(), log: quiet)
      let cache = Store<Note>()
      var server = ModelServer()
      var delivered = 0
      for _ in 0..<60 {
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
          // The watch brings the next event, late.
          guard delivered < server.history.count else { continue }
          let entry = server.history[delivered]
          delivered += 1
          let change: ObjectChange<Note>?
          if entry.kind == .deleted {
            change = cache.remove(entry.object.key).map { _ in .deleted(entry.object) }
          } else {
            change = cache.apply(entry.object).last
          }
          if let change { writes.observe(change) }
        case 1:
          // The reconciler: exactly two children shall be there, under names of the server's choice.
          guard !withBarrier || writes.isSettled("job") else { continue }
          if cache.count < 2 {
            let name = "child-\(server.version)"
            server.write(name, text: "")
            if let made = server.objects[name] { writes.expect("job", created: made) }
          } else if cache.count > 2, let victim = cache.all.min(by: { $0.name < $1.name }) {
            if server.objects[victim.name] != nil { server.write(victim.name, text: "", delete: true) }
            writes.expectDeletion("job", of: victim)
          }
        default:
          // Somebody deletes one now and then.
          guard Int.random(in: 0..<6, using: &random) == 0, let name = server.objects.keys.min() else { continue }
          server.write(name, text: "", delete: true)
        }
        if server.objects.count > 2 { duplicates += 1 }
      }
    }
    #expect(withBarrier == (duplicates == 0), "\(duplicates) times too many children")
  }
}
