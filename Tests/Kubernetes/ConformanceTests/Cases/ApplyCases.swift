import Basics
import KubeTypes
import Testing

extension ConformanceCase {
  static let applies: [ConformanceCase] = [
    ConformanceCase("apply creates, and then changes") { world in
      let created = try await world.apply("one", ["spec": ["title": "abc"]], by: "alice")
      #expect(created.code == 201)
      #expect(try created.ok()["spec"]?["size"] == 3)
      let changed = try await world.apply("one", ["spec": ["title": "abd"]], by: "alice")
      #expect(changed.code == 200)
      #expect(try changed.ok()["spec"]?["title"] == "abd")
    },
    ConformanceCase("applying the same again changes nothing") { world in
      let content: JSONValue = [
        "metadata": ["labels": ["a": "b"]], "spec": ["title": "abc", "ports": [["name": "x"]]],
      ]
      let first = try await world.apply("one", content, by: "alice").ok()
      let second = try await world.apply("one", content, by: "alice").ok()
      #expect(second.version == first.version)
    },
    ConformanceCase("a field that is no longer applied goes, unless somebody else has it") { world in
      _ = try await world.apply("one", ["spec": ["title": "abc", "slug": "abc", "levels": ["a": 1]]], by: "alice").ok()
      _ = try await world.apply("one", ["spec": ["slug": "abc"]], by: "bob").ok()
      let after = try await world.apply("one", ["spec": ["levels": ["b": 2]]], by: "alice").ok()
      #expect(after["spec"]?["title"] == nil)
      #expect(after["spec"]?["slug"] == "abc")
      #expect(after["spec"]?["levels"] == ["b": 2])
    },
    ConformanceCase("two appliers of one field conflict, and force decides") { world in
      _ = try await world.apply("one", ["spec": ["title": "abc", "slug": "abc"]], by: "alice").ok()
      let refused = try await world.apply("one", ["spec": ["title": "xyz"]], by: "bob")
      refused.refused(409, "Conflict", fields: [".spec.title"])
      #expect(refused.body["details"]?["causes"]?.arrayValue?.first?["reason"] == "FieldManagerConflict")
      let forced = try await world.apply("one", ["spec": ["title": "xyz"]], by: "bob", force: true).ok()
      #expect(forced["spec"]?["title"] == "xyz")
      try await world.apply("one", ["spec": ["title": "abc", "slug": "abc"]], by: "alice")
        .refused(409, "Conflict", fields: [".spec.title"])
      let left = try await world.apply("one", ["spec": ["slug": "abc"]], by: "alice").ok()
      #expect(left["spec"]?["title"] == "xyz")
    },
    ConformanceCase("appliers who agree share a field") { world in
      _ = try await world.apply("one", ["spec": ["title": "abc"]], by: "alice").ok()
      _ = try await world.apply("one", ["spec": ["title": "abc"]], by: "bob").ok()
      let left = try await world.apply("one", ["spec": [:]], by: "alice").ok()
      #expect(left["spec"]?["title"] == "abc")
      let none = try await world.apply("one", ["spec": [:]], by: "bob").ok()
      #expect(none["spec"]?["title"] == nil)
    },
    ConformanceCase("a plain write takes a field from its applier") { world in
      _ = try await world.apply("one", ["spec": ["title": "abc"]], by: "alice").ok()
      _ = try await world.patch(world.widgets("one"), .merge, ["spec": ["title": "xyz"]]).ok()
      try await world.apply("one", ["spec": ["title": "abc"]], by: "alice")
        .refused(409, "Conflict", fields: [".spec.title"])
      let after = try await world.apply("one", ["spec": ["title": "abc"]], by: "alice", force: true).ok()
      #expect(after["spec"]?["title"] == "abc")
    },
    ConformanceCase("apply over an object that was created conflicts where it differs") { world in
      try await world.create(Widget.make("one", spec: ["title": "abc", "slug": "abc"]))
      _ = try await world.apply("one", ["spec": ["slug": "abc", "levels": ["a": 1]]], by: "alice").ok()
      try await world.apply("one", ["spec": ["title": "xyz"]], by: "alice")
        .refused(409, "Conflict", fields: [".spec.title"])
    },
    ConformanceCase("keyed lists merge item by item") { world in
      _ = try await world.apply("one", ["spec": ["ports": [["name": "a", "number": 1]]]], by: "alice").ok()
      let both = try await world.apply("one", ["spec": ["ports": [["name": "b", "number": 2]]]], by: "bob").ok()
      #expect(both["spec"]?["ports"]?.arrayValue?.compactMap { $0["name"] } == ["a", "b"])
      try await world.apply("one", ["spec": ["ports": [["name": "a", "number": 9]]]], by: "bob")
        .refused(409, "Conflict", fields: [".spec.ports[name=\"a\"].number"])
      let left = try await world.apply("one", ["spec": [:]], by: "alice").ok()
      #expect(left["spec"]?["ports"]?.arrayValue?.compactMap { $0["name"] } == ["b"])
    },
    ConformanceCase("sets unite, atomic lists are replaced") { world in
      _ = try await world.apply("one", ["spec": ["tags": ["a"], "steps": ["x", "y"]]], by: "alice").ok()
      let both = try await world.apply("one", ["spec": ["tags": ["b"]]], by: "bob").ok()
      #expect(Set(both["spec"]?["tags"]?.arrayValue ?? []) == ["a", "b"])
      try await world.apply("one", ["spec": ["steps": ["x"]]], by: "bob").refused(
        409, "Conflict", fields: [".spec.steps"])
      let left = try await world.apply("one", ["spec": ["steps": ["z"]]], by: "alice").ok()
      #expect(left["spec"]?["tags"] == ["b"])
      #expect(left["spec"]?["steps"] == ["z"])
    },
    ConformanceCase("apply to the status leaves the spec alone") { world in
      _ = try await world.apply("one", ["spec": ["title": "abc"]], by: "alice").ok()
      let status: JSONValue = ["status": ["phase": "Up", "conditions": [["type": "Ready", "status": "True"]]]]
      let after = try await world.apply("one", status, by: "operator", subresource: "status").ok()
      #expect(after["status"]?["phase"] == "Up")
      #expect(after["spec"]?["title"] == "abc")
      let again = try await world.apply("one", ["spec": ["title": "abc"]], by: "alice").ok()
      #expect(again["status"]?["phase"] == "Up")
    },
    ConformanceCase("apply merges the containers of a pod by name") { world in
      let pod = try await world.createPod("one", containers: ["a", "b"])
      let body: JSONValue = [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "one", "labels": ["x": "y"]],
        "spec": ["containers": [["name": "b", "image": "example.com/new:2"]]],
      ]
      let query = ["fieldManager": "alice", "force": "true"]
      let after = try await world.patch(world.core("pods", "one"), .apply, body, query).ok()
      let images = (after["spec"]?["containers"]?.arrayValue ?? []).compactMap { $0["image"]?.stringValue }
      #expect(images == ["example.com/app:1", "example.com/new:2"])
      #expect(after.uid == pod.uid)
    },
    ConformanceCase("apply needs a manager, and only apply takes force") { world in
      let body = Widget.make("one")
      try await world.patch(world.widgets("one"), .apply, body).refused(422, "Invalid", fields: ["fieldManager"])
      try await world.create(body)
      try await world.patch(world.widgets("one"), .merge, ["spec": [:]], ["force": "true"])
        .refused(422, "Invalid", fields: ["force"])
    },
  ]
}
