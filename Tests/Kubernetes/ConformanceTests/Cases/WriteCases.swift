import Basics
import KubeTypes
import Testing

extension ConformanceCase {
  static let writes: [ConformanceCase] = [
    ConformanceCase("create fills in what the server owns") { world in
      var proposed = Widget.make("one")
      proposed[path: ["metadata", "uid"]] = "mine"
      proposed[path: ["metadata", "generation"]] = 7
      let widget = try await world.create(proposed)
      #expect(!widget.uid.isEmpty && widget.uid != "mine")
      #expect(widget.generation == 1)
      #expect(Int64(widget.version) ?? 0 > 0)
      #expect(Timestamp(widget[meta: "creationTimestamp"]?.stringValue ?? "") != nil)
      #expect(widget[meta: "namespace"]?.stringValue == world.namespace)
      #expect(try await world.call(.get, world.widgets("one")).ok() == widget)
    },
    ConformanceCase("a second object of a name is refused") { world in
      try await world.create(Widget.make("one"))
      let answer = try await world.call(.post, world.widgets(), Widget.make("one"))
      answer.refused(409, "AlreadyExists")
      #expect(answer.body["details"]?["name"] == "one")
      #expect(answer.body["details"]?["group"]?.stringValue == Widget.group)
      #expect(answer.body["details"]?["kind"] == "widgets")
    },
    ConformanceCase("names follow RFC 1123") { world in
      for name in ["Upper", "under_score", "-dash", "dot.", "two..dots"] {
        try await world.call(.post, world.widgets(), Widget.make(name)).refused(
          422, "Invalid", fields: ["metadata.name"])
      }
      try await world.create(Widget.make("a.b-c.9"))
      var nameless = Widget.make("x")
      nameless[path: ["metadata", "name"]] = nil
      try await world.call(.post, world.widgets(), nameless).refused(422, "Invalid", fields: ["metadata.name"])
    },
    ConformanceCase("labels are held to their syntax") { world in
      for labels: JSONValue in [["bad key": "x"], ["key": "-x-"], ["a/b/c": "x"]] {
        try await world.call(.post, world.widgets(), Widget.make("one", metadata: ["labels": labels]))
          .refused(422, "Invalid", fields: ["metadata.labels"])
      }
    },
    ConformanceCase("generateName makes a name") { world in
      var proposed = Widget.make("x")
      proposed["metadata"] = ["generateName": "run-"]
      let one = try await world.create(proposed)
      let other = try await world.create(proposed)
      let names = [one, other].compactMap { $0[meta: "name"]?.stringValue }
      #expect(Set(names).count == 2)
      #expect(names.allSatisfy { $0.hasPrefix("run-") && $0.count == 9 })
    },
    ConformanceCase("an unknown namespace is not found") { world in
      let elsewhere = World(client: world.client, namespace: "no-such-namespace")
      let answer = try await elsewhere.call(.post, elsewhere.core("configmaps"), ["metadata": ["name": "x"]])
      answer.refused(404, "NotFound")
      #expect(answer.body["details"]?["kind"] == "namespaces")
    },
    ConformanceCase("the body must agree with the path") { world in
      try await world.call(.post, world.widgets(), Widget.make("one", metadata: ["namespace": "default"]))
        .refused(400, "BadRequest")
      var kind = Widget.make("one")
      kind["kind"] = "Gadget"
      try await world.call(.post, world.widgets(), kind).refused(422, "Invalid", fields: ["kind"])
      var version = Widget.make("one")
      version["apiVersion"] = .string("\(Widget.group)/v2")
      try await world.call(.post, world.widgets(), version).refused(400, "BadRequest")
      let pod: JSONValue = ["kind": "Pod", "apiVersion": "v1", "metadata": ["name": "x"]]
      try await world.call(.post, world.core("configmaps"), pod).refused(400, "BadRequest")
      let live = try await world.create(Widget.make("one"))
      var other = live
      other[path: ["metadata", "name"]] = "two"
      try await world.call(.put, world.widgets("one"), other).refused(400, "BadRequest")
    },
    ConformanceCase("what is not there is not found") { world in
      let answer = try await world.call(.get, world.widgets("none"))
      answer.refused(404, "NotFound")
      #expect(answer.body["details"]?["name"] == "none")
      #expect(answer.body["details"]?["kind"] == "widgets")
      try await world.patch(world.widgets("none"), .merge, ["spec": [:]]).refused(404, "NotFound")
      try await world.call(.delete, world.widgets("none")).refused(404, "NotFound")
      var absent = Widget.make("none")
      absent[path: ["metadata", "resourceVersion"]] = "1"
      try await world.call(.put, world.widgets("none"), absent).refused(404, "NotFound")
    },
    ConformanceCase("a PUT of an old version conflicts") { world in
      let first = try await world.create(Widget.make("one"))
      var change = first
      change[path: ["spec", "size"]] = 4
      let second = try await world.call(.put, world.widgets("one"), change).ok()
      #expect(try #require(Int64(second.version)) > #require(Int64(first.version)))
      let stale = try await world.call(.put, world.widgets("one"), change)
      stale.refused(409, "Conflict")
      #expect(stale.body["details"]?["name"] == "one")
    },
    ConformanceCase("a custom resource is not overwritten blindly, a config map may be") { world in
      try await world.create(Widget.make("one"))
      try await world.call(.put, world.widgets("one"), Widget.make("one"))
        .refused(422, "Invalid", fields: ["metadata.resourceVersion"])
      try await world.createConfigMap("one")
      let map = try await world.call(
        .put, world.core("configmaps", "one"), ["metadata": ["name": "one"], "data": ["a": "b"]]
      ).ok()
      #expect(map["data"]?["a"] == "b")
    },
    ConformanceCase("a PUT for another UID conflicts") { world in
      var widget = try await world.create(Widget.make("one"))
      widget[path: ["metadata", "uid"]] = "11111111-2222-4333-8444-555555555555"
      try await world.call(.put, world.widgets("one"), widget).refused(409, "Conflict")
    },
    ConformanceCase("a write that changes nothing keeps the version") { world in
      let widget = try await world.create(Widget.make("one"))
      let again = try await world.patch(world.widgets("one"), .merge, ["spec": ["size": 3]]).ok()
      #expect(again.version == widget.version)
      #expect(try await world.call(.put, world.widgets("one"), widget).ok().version == widget.version)
    },
    ConformanceCase("generation counts changes of the spec") { world in
      try await world.create(Widget.make("one"))
      let path = world.widgets("one")
      let labelled = try await world.patch(path, .merge, ["metadata": ["labels": ["a": "b"]]]).ok()
      #expect(labelled.generation == 1)
      let changed = try await world.patch(path, .merge, ["spec": ["size": 5]]).ok()
      #expect(changed.generation == 2)
      let status = try await world.patch(world.widgets("one", "status"), .merge, ["status": ["phase": "Up"]]).ok()
      #expect(status.generation == 2)
    },
    ConformanceCase("status and spec are written apart") { world in
      var proposed = Widget.make("one", spec: ["size": 2])
      proposed["status"] = ["phase": "Made up"]
      let widget = try await world.create(proposed)
      #expect(widget["status"] == nil)
      let status: JSONValue = [
        "metadata": ["labels": ["sneaked": "in"]], "spec": ["size": 9], "status": ["phase": "Up"],
      ]
      let after = try await world.patch(world.widgets("one", "status"), .merge, status).ok()
      #expect(after["status"]?["phase"] == "Up")
      #expect(after["spec"]?["size"] == 2)
      #expect(after[meta: "labels"] == nil)
      let main = try await world.patch(
        world.widgets("one"), .merge, ["spec": ["size": 8], "status": ["phase": "Down"]]
      ).ok()
      #expect(main["status"]?["phase"] == "Up")
      #expect(main["spec"]?["size"] == 8)
      var stale = after
      stale[path: ["status", "phase"]] = "Late"
      try await world.call(.put, world.widgets("one", "status"), stale).refused(409, "Conflict")
      #expect(try await world.call(.get, world.widgets("one", "status")).ok() == main)
    },
    ConformanceCase("scale shows and sets the replicas") { world in
      let widget = try await world.create(Widget.make("one", spec: ["replicas": 2]))
      _ = try await world.patch(
        world.widgets("one", "status"), .merge, ["status": ["replicas": 1, "selector": "app=one"]]
      ).ok()
      let path = world.widgets("one", "scale")
      let scale = try await world.call(.get, path).ok()
      #expect(scale["kind"] == "Scale")
      #expect(scale["apiVersion"] == "autoscaling/v1")
      #expect(scale["spec"]?["replicas"] == 2)
      #expect(scale["status"] == ["replicas": 1, "selector": "app=one"])
      #expect(scale.uid == widget.uid)
      let patched = try await world.patch(path, .merge, ["spec": ["replicas": 5]]).ok()
      #expect(patched["spec"]?["replicas"] == 5)
      var put = patched
      put[path: ["spec", "replicas"]] = 6
      _ = try await world.call(.put, path, put).ok()
      try await world.call(.put, path, put).refused(409, "Conflict")
      let after = try await world.call(.get, world.widgets("one")).ok()
      #expect(after["spec"]?["replicas"] == 6)
      #expect(after.generation == 3)
    },
    ConformanceCase("a dry run writes nothing") { world in
      let shown = try await world.call(.post, world.widgets(), Widget.make("one"), ["dryRun": "All"]).ok()
      #expect(shown["spec"]?["size"] == 3)
      #expect(try await world.isGone(world.widgets("one")))
      try await world.create(Widget.make("two"))
      _ = try await world.call(.delete, world.widgets("two"), nil, ["dryRun": "All"]).ok()
      _ = try await world.call(.get, world.widgets("two")).ok()
    },
  ]
}
