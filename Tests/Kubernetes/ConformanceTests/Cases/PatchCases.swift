import Basics
import KubeTypes
import Testing

extension ConformanceCase {
  static let patches: [ConformanceCase] = [
    ConformanceCase("a merge patch sets, replaces lists, and removes by null") { world in
      try await world.create(Widget.make("one", spec: ["title": "abc", "steps": ["x", "y"], "levels": ["a": 1]]))
      let patch: JSONValue = ["spec": ["title": nil, "steps": ["z"], "levels": ["b": 2]]]
      let after = try await world.patch(world.widgets("one"), .merge, patch).ok()
      #expect(after["spec"]?["title"] == nil)
      #expect(after["spec"]?["steps"] == ["z"])
      #expect(after["spec"]?["levels"] == ["a": 1, "b": 2])
    },
    ConformanceCase("a patch that names an old version conflicts") { world in
      let widget = try await world.create(Widget.make("one"))
      let patch: JSONValue = ["metadata": ["resourceVersion": .string(widget.version)], "spec": ["size": 4]]
      _ = try await world.patch(world.widgets("one"), .merge, patch).ok()
      let late: JSONValue = ["metadata": ["resourceVersion": .string(widget.version)], "spec": ["size": 5]]
      try await world.patch(world.widgets("one"), .merge, late).refused(409, "Conflict")
    },
    ConformanceCase("a JSON patch does its operations in order") { world in
      try await world.create(Widget.make("one", spec: ["steps": ["a", "b"], "title": "abc"]))
      let operations: JSONValue = [
        ["op": "test", "path": "/spec/title", "value": "abc"],
        ["op": "add", "path": "/spec/steps/1", "value": "x"],
        ["op": "remove", "path": "/spec/steps/0"],
        ["op": "replace", "path": "/spec/size", "value": 9],
        ["op": "copy", "from": "/spec/title", "path": "/spec/slug"],
        ["op": "move", "from": "/spec/title", "path": "/spec/note"],
        ["op": "add", "path": "/spec/steps/-", "value": "end"],
      ]
      let after = try await world.patch(world.widgets("one"), .json, operations).ok()
      #expect(after["spec"]?["steps"] == ["x", "b", "end"])
      #expect(after["spec"]?["size"] == 9)
      #expect(after["spec"]?["slug"] == "abc")
      #expect(after["spec"]?["note"] == "abc")
      #expect(after["spec"]?["title"] == nil)
    },
    ConformanceCase("a JSON patch reads ~1 and ~0 in pointers") { world in
      let spec: JSONValue = ["extra": ["a/b~c": 1, "a~1b": 2]]
      try await world.create(Widget.make("one", spec: spec, metadata: ["annotations": ["a.example/b": "1"]]))
      let operations: JSONValue = [
        ["op": "replace", "path": "/metadata/annotations/a.example~1b", "value": "2"],
        ["op": "replace", "path": "/spec/extra/a~1b~0c", "value": 3],
        ["op": "remove", "path": "/spec/extra/a~01b"],
      ]
      let after = try await world.patch(world.widgets("one"), .json, operations).ok()
      #expect(after[meta: "annotations"] == ["a.example/b": "2"])
      #expect(after["spec"]?["extra"] == ["a/b~c": 3])
    },
    ConformanceCase("a JSON patch that does not apply changes nothing") { world in
      let widget = try await world.create(Widget.make("one", spec: ["title": "abc"]))
      let failing: [JSONValue] = [
        [["op": "add", "path": "/spec/note", "value": "x"], ["op": "test", "path": "/spec/title", "value": "no"]],
        [["op": "remove", "path": "/spec/slug"]],
        [["op": "replace", "path": "/spec/none/deeper", "value": 1]],
      ]
      for operations in failing {
        try await world.patch(world.widgets("one"), .json, operations).refused(422, "Invalid")
      }
      #expect(try await world.call(.get, world.widgets("one")).ok().version == widget.version)
    },
    ConformanceCase("a strategic merge patch merges lists by key") { world in
      let pod = try await world.createPod("one", containers: ["a", "b"])
      #expect(pod["spec"]?["containers"]?.arrayValue?.count == 2)
      let patch: JSONValue = [
        "metadata": ["labels": ["x": "y"]],
        "spec": ["containers": [["name": "b", "image": "example.com/new:2"]]],
      ]
      let after = try await world.patch(world.core("pods", "one"), .strategic, patch).ok()
      let images = (after["spec"]?["containers"]?.arrayValue ?? []).compactMap { $0["image"]?.stringValue }
      #expect(images == ["example.com/app:1", "example.com/new:2"])
      let conditions: JSONValue = ["status": ["conditions": [["type": "Ready", "status": "False"]]]]
      _ = try await world.patch(world.core("pods", "one", "status"), .strategic, conditions).ok()
      let more: JSONValue = [
        "status": ["conditions": [["type": "Ready", "status": "True"], ["type": "Other", "status": "True"]]]
      ]
      let status = try await world.patch(world.core("pods", "one", "status"), .strategic, more).ok()
      let types = (status["status"]?["conditions"]?.arrayValue ?? []).compactMap { $0["type"]?.stringValue }
      #expect(Set(types).isSuperset(of: ["Ready", "Other"]) && types.count(where: { $0 == "Ready" }) == 1)
      let remove: JSONValue = ["status": ["conditions": [["$patch": "delete", "type": "Other"]]]]
      let left = try await world.patch(world.core("pods", "one", "status"), .strategic, remove).ok()
      let remaining = (left["status"]?["conditions"]?.arrayValue ?? []).compactMap { $0["type"]?.stringValue }
      #expect(remaining.contains("Ready") && !remaining.contains("Other"))
    },
    ConformanceCase("finalizers merge as a set in a strategic merge patch") { world in
      try await world.createConfigMap("one", metadata: ["finalizers": ["example.com/a"]])
      let patch: JSONValue = ["metadata": ["finalizers": ["example.com/b"]]]
      let after = try await world.patch(world.core("configmaps", "one"), .strategic, patch).ok()
      #expect(Set(after[meta: "finalizers"]?.arrayValue ?? []) == ["example.com/a", "example.com/b"])
      let remove: JSONValue = ["metadata": ["$deleteFromPrimitiveList/finalizers": ["example.com/a"]]]
      let left = try await world.patch(world.core("configmaps", "one"), .strategic, remove).ok()
      #expect(left[meta: "finalizers"] == ["example.com/b"])
      _ = try await world.patch(world.core("configmaps", "one"), .merge, ["metadata": ["finalizers": nil]]).ok()
    },
    ConformanceCase("formats that do not fit are refused") { world in
      try await world.create(Widget.make("one"))
      try await world.patch(world.widgets("one"), .strategic, ["spec": [:]]).refused(415, "UnsupportedMediaType")
      try await world.call(.patch, world.widgets("one"), ["spec": [:]]).refused(415, "UnsupportedMediaType")
    },
  ]
}
