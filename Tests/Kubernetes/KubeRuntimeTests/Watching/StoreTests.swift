import KubeTypes
import Testing

@testable import KubeRuntime

@Suite struct StoreTests {
  private func store() -> Store<Note> {
    Store(indexes: [
      StoreIndex("text") { [$0.text] }, StoreIndex("label") { $0.metadata.labels.map { Array($0.values) } ?? [] },
    ])
  }

  @Test func `applying tells what was there before`() {
    let store = store()
    #expect(store.apply(Note("a", version: 1)).map(\.summary) == ["+a@1"])
    #expect(store.apply(Note("a", version: 2)).map(\.summary) == ["~a@1->2"])
    #expect(store.apply(Note("a", version: 2)).isEmpty, "the same version again is no change")
    #expect(store.count == 1)
  }

  @Test func `an object made anew under its name is a deletion and an appearance`() {
    let store = store()
    _ = store.apply(Note("a", uid: "u1", version: 1))
    #expect(store.apply(Note("a", uid: "u2", version: 5)).map(\.summary) == ["-a@1", "+a@5"])
  }

  @Test func `indexes follow changes and removals`() {
    let store = store()
    _ = store.apply(Note("a", version: 1, text: "x"))
    _ = store.apply(Note("b", version: 2, text: "x"))
    #expect(Set(store.indexed("text", "x").map(\.name)) == ["a", "b"])
    _ = store.apply(Note("a", version: 3, text: "y"))
    #expect(store.indexed("text", "x").map(\.name) == ["b"])
    #expect(store.indexed("text", "y").map(\.name) == ["a"])
    _ = store.remove(.note("b"))
    #expect(store.indexed("text", "x").isEmpty)
    #expect(store.remove(.note("b")) == nil)
  }

  @Test func `an object stands under each value of an index`() {
    let store = store()
    _ = store.apply(Note("a", labels: ["p": "1", "q": "2"]))
    #expect(store.indexed("label", "1").map(\.name) == ["a"])
    #expect(store.indexed("label", "2").map(\.name) == ["a"])
  }

  @Test func `replacing delivers deletions, changes and appearances, and nothing for what stayed`() {
    let store = store()
    for note in [Note("a", version: 1), Note("b", version: 2), Note("c", version: 3, text: "old")] {
      _ = store.apply(note)
    }
    #expect(!store.isSynced)
    let changes = store.replace(with: [
      Note("b", version: 2), Note("c", version: 7, text: "new"), Note("d", version: 8),
    ])
    #expect(changes.map(\.summary) == ["-a@1", "~c@3->7", "+d@8"])
    #expect(store.isSynced)
    #expect(store[.note("a")] == nil)
    #expect(store.indexed("text", "old").isEmpty)
    #expect(store.indexed("text", "new").map(\.name) == ["c"])
  }

  @Test func `ten thousand objects are changed in place`() {
    let store = store()
    _ = store.replace(with: (0..<10_000).map { Note("n\($0)", uid: "u\($0)", version: $0 + 1) })
    let start = ContinuousClock.now
    for index in 0..<10_000 { _ = store.apply(Note("n\(index)", uid: "u\(index)", version: 20_000 + index, text: "t")) }
    let took = ContinuousClock.now - start
    #expect(store.indexed("text", "t").count == 10_000)
    // Copying ten thousand entries for each of ten thousand changes would take minutes.
    #expect(took < .seconds(10), "\(took)")
  }
}
