import Basics
import KubeTypes
import Testing

extension ConformanceCase {
  static let lists: [ConformanceCase] = [
    ConformanceCase("a list shows the collection and its version") { world in
      try await world.create(Widget.make("b"))
      let last = try await world.create(Widget.make("a"))
      let list = try await world.call(.get, world.widgets()).ok()
      #expect(list["kind"] == "WidgetList")
      #expect(list["apiVersion"]?.stringValue == "\(Widget.group)/v1")
      #expect(list.itemNames == ["a", "b"])
      #expect(try #require(Int64(list.version)) >= #require(Int64(last.version)))
      let everywhere = try await world.call(.get, "/apis/\(Widget.group)/v1/widgets").ok()
      #expect(Set(everywhere.itemNames).isSuperset(of: ["a", "b"]))
    },
    ConformanceCase("labels select") { world in
      let table: [(name: String, labels: JSONValue)] = [
        ("a", ["app": "x", "tier": "web"]), ("b", ["app": "y"]), ("c", ["tier": "db"]), ("d", [:]),
      ]
      for (name, labels) in table { try await world.create(Widget.make(name, metadata: ["labels": labels])) }
      let expected: [(selector: String, names: [String])] = [
        ("app=x", ["a"]), ("app==x", ["a"]), ("app!=x", ["b", "c", "d"]), ("app", ["a", "b"]), ("!app", ["c", "d"]),
        ("app in (x,y)", ["a", "b"]), ("app notin (x)", ["b", "c", "d"]), ("app=x,tier=web", ["a"]),
        ("app in (x, y),tier", ["a"]), ("app=z", []), ("", ["a", "b", "c", "d"]),
      ]
      for (selector, names) in expected {
        let list = try await world.call(.get, world.widgets(), nil, ["labelSelector": selector]).ok()
        #expect(list.itemNames == names, "\(selector)")
      }
      for selector in ["app in x", "a b", "=x", "app=-x-"] {
        try await world.call(.get, world.widgets(), nil, ["labelSelector": selector]).refused(400, "BadRequest")
      }
    },
    ConformanceCase("fields select, where the server knows them") { world in
      try await world.create(Widget.make("a"))
      try await world.create(Widget.make("b"))
      for (selector, names) in [("metadata.name=a", ["a"]), ("metadata.name!=a", ["b"])] {
        let list = try await world.call(.get, world.widgets(), nil, ["fieldSelector": selector]).ok()
        #expect(list.itemNames == names, "\(selector)")
      }
      try await world.call(.get, world.widgets(), nil, ["fieldSelector": "spec.size=3"]).refused(400, "BadRequest")
      try await world.createPod("free")
      try await world.createPod("bound")
      try await world.bind("bound")
      let expected: [(String, [String])] = [
        ("spec.nodeName=conformance-node", ["bound"]), ("spec.nodeName=", ["free"]),
        ("status.phase=Pending", ["bound", "free"]), ("status.phase!=Pending", []),
      ]
      for (selector, names) in expected {
        let list = try await world.call(.get, world.core("pods"), nil, ["fieldSelector": selector]).ok()
        #expect(list.itemNames == names, "\(selector)")
      }
      try await world.call(.get, world.core("pods"), nil, ["fieldSelector": "spec.hostname=x"])
        .refused(400, "BadRequest")
      _ = try await world.call(.delete, world.core("pods", "bound"), ["gracePeriodSeconds": 0]).ok()
    },
    ConformanceCase("pages show one state however long the reader takes") { world in
      for number in 0..<5 { try await world.create(Widget.make("w\(number)")) }
      let first = try await world.call(.get, world.widgets(), nil, ["limit": "2"]).ok()
      #expect(first.itemNames == ["w0", "w1"])
      #expect(first[meta: "remainingItemCount"] == 3)
      try await world.create(Widget.make("w2-new"))
      _ = try await world.call(.delete, world.widgets("w3")).ok()
      _ = try await world.patch(world.widgets("w4"), .merge, ["spec": ["size": 50]]).ok()
      var names: [String] = []
      var token = first[meta: "continue"]?.stringValue ?? ""
      while !token.isEmpty {
        let page = try await world.call(.get, world.widgets(), nil, ["limit": "2", "continue": token]).ok()
        #expect(page.version == first.version)
        names += page.itemNames
        if let last = page["items"]?.arrayValue?.last, last[meta: "name"] == "w4" {
          #expect(last["spec"]?["size"] == 3)
        }
        token = page[meta: "continue"]?.stringValue ?? ""
      }
      #expect(names == ["w2", "w3", "w4"])
      try await world.call(.get, world.widgets(), nil, ["limit": "2", "continue": "nonsense"])
        .refused(400, "BadRequest")
    },
    ConformanceCase("a version from the future is refused") { world in
      let answer = try await world.call(.get, world.widgets(), nil, ["resourceVersion": "99999999999"])
      answer.refused(504, "Timeout")
    },
  ]

  static let watches: [ConformanceCase] = [
    ConformanceCase("a watch shows each write once, in order") { world in
      let list = try await world.call(.get, world.widgets()).ok()
      try await world.create(Widget.make("one"))
      _ = try await world.patch(world.widgets("one"), .merge, ["spec": ["size": 4]]).ok()
      _ = try await world.patch(world.widgets("one", "status"), .merge, ["status": ["phase": "Up"]]).ok()
      let seen = try await world.watch(
        world.widgets(), ["resourceVersion": list.version],
        act: { _ = try await world.call(.delete, world.widgets("one")).ok() },
        until: { changes($0).count == 4 })
      let events = changes(seen)
      #expect(events.map(\.type) == ["ADDED", "MODIFIED", "MODIFIED", "DELETED"])
      #expect(zip(events, events.dropFirst()).allSatisfy { $0.version < $1.version })
      #expect(events[1].object["spec"]?["size"] == 4)
      #expect(events[2].object["status"]?["phase"] == "Up")
      #expect(events[3].object["status"]?["phase"] == "Up")
    },
    ConformanceCase("a watch without a version begins with what is there") { world in
      try await world.create(Widget.make("a"))
      try await world.create(Widget.make("b"))
      for query in [[:], ["resourceVersion": "0"]] {
        let seen = try await world.watch(world.widgets(), query) { changes($0).count == 2 }
        #expect(Set(changes(seen).map(\.description)) == ["ADDED a", "ADDED b"])
      }
    },
    ConformanceCase("a watch of one namespace or name sees no other") { world in
      let list = try await world.call(.get, world.widgets()).ok()
      let other = World(client: world.client, namespace: "default")
      let name = "other-\(world.namespace)"
      try await other.create(Widget.make(name))
      try await world.create(Widget.make("a"))
      try await world.create(Widget.make("b"))
      let query = ["resourceVersion": list.version]
      let here = try await world.watch(world.widgets(), query) { changes($0).count == 2 }
      #expect(changes(here).map(\.name) == ["a", "b"])
      let named = query.merging(["fieldSelector": "metadata.name=b"]) { $1 }
      let one = try await world.watch(world.widgets(), named) { changes($0).count == 1 }
      #expect(changes(one).map(\.name) == ["b"])
      _ = try await other.call(.delete, other.widgets(name)).ok()
    },
    ConformanceCase("objects come into a selection and leave it") { world in
      let list = try await world.call(.get, world.widgets()).ok()
      let path = world.widgets("one")
      try await world.create(Widget.make("one", metadata: ["labels": ["app": "y"]]))
      _ = try await world.patch(path, .merge, ["metadata": ["labels": ["app": "x"]]]).ok()
      _ = try await world.patch(path, .merge, ["spec": ["size": 4]]).ok()
      _ = try await world.patch(path, .merge, ["spec": ["size": 5], "metadata": ["labels": ["app": "y"]]]).ok()
      _ = try await world.patch(path, .merge, ["metadata": ["labels": ["app": "x"]]]).ok()
      _ = try await world.call(.delete, path).ok()
      let query = ["resourceVersion": list.version, "labelSelector": "app=x"]
      let events = changes(try await world.watch(world.widgets(), query) { changes($0).count == 5 })
      #expect(events.map(\.type) == ["ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED"])
      #expect(zip(events, events.dropFirst()).allSatisfy { $0.version < $1.version })
      // What leaves the selection is shown as it last matched.
      #expect(events[2].object["spec"]?["size"] == 4)
    },
    ConformanceCase("pods come and go by their phase and node") { world in
      let list = try await world.call(.get, world.core("pods")).ok()
      try await world.createPod("one")
      try await world.bind("one")
      _ = try await world.call(.delete, world.core("pods", "one"), ["gracePeriodSeconds": 0]).ok()
      let query = ["resourceVersion": list.version, "fieldSelector": "spec.nodeName=conformance-node"]
      let events = changes(try await world.watch(world.core("pods"), query) { $0.last?.type == "DELETED" })
      #expect(events.first?.type == "ADDED")
      #expect(events.last?.type == "DELETED")
    },
    ConformanceCase("a watch from a forgotten version says 410") { world in
      // The widgets were not there at version 1, so no server has their history from then.
      let seen = try await world.watch(world.widgets(), ["resourceVersion": "1"]) { !$0.isEmpty }
      let first = try #require(seen.first)
      #expect(first.type == "ERROR" || first.type == "HTTP")
      #expect(first.object["code"] == 410)
    },
    ConformanceCase("a watch ends when its time is over, with a bookmark") { world in
      let list = try await world.call(.get, world.widgets()).ok()
      let widget = try await world.create(Widget.make("one"))
      let began = ContinuousClock.now
      let seen = try await world.watch(
        world.widgets(),
        ["resourceVersion": list.version, "timeoutSeconds": "5", "allowWatchBookmarks": "true"]
      ) { _ in false }
      let took = ContinuousClock.now - began
      #expect(took > .seconds(3) && took < .seconds(15))
      #expect(changes(seen).map(\.description) == ["ADDED one"])
      let bookmark = try #require(seen.last { $0.type == "BOOKMARK" })
      #expect(bookmark.version >= Int64(widget.version) ?? .max)
      #expect(bookmark.object["kind"] == "Widget")
      let more = try await world.watch(
        world.widgets(), ["resourceVersion": String(bookmark.version)],
        act: { try await world.create(Widget.make("two")) }, until: { !changes($0).isEmpty })
      #expect(changes(more).map(\.description) == ["ADDED two"])
    },
    ConformanceCase("without being asked for, no bookmark comes") { world in
      let seen = try await world.watch(world.widgets(), ["timeoutSeconds": "4"]) { _ in false }
      #expect(seen.isEmpty)
    },
    ConformanceCase("many watchers see the same") { world in
      let list = try await world.call(.get, world.widgets()).ok()
      let all = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<10 {
          group.addTask {
            let seen = try await world.watch(world.widgets(), ["resourceVersion": list.version]) {
              changes($0).count == 20
            }
            return changes(seen).map(\.description)
          }
        }
        for number in 0..<20 { try await world.create(Widget.make("w\(number)")) }
        return try await group.reduce(into: [[String]]()) { $0.append($1) }
      }
      #expect(all.count == 10)
      #expect(all.allSatisfy { $0 == (0..<20).map { "ADDED w\($0)" } })
    },
  ]
}
