import Basics
import KubeTypes
import Testing

extension ConformanceCase {
  static let schemas: [ConformanceCase] = [
    ConformanceCase("defaults fill in what is missing, at every depth") { world in
      let widget = try await world.create(
        Widget.make("one", spec: ["template": ["image": "x"], "ports": [["name": "a"]]]))
      #expect(widget["spec"]?["size"] == 3)
      #expect(widget["spec"]?["color"] == "red")
      #expect(widget["spec"]?["template"]?["pull"] == "Always")
      #expect(widget["spec"]?["ports"]?.arrayValue?.first?["protocol"] == "TCP")
      let without = try await world.patch(world.widgets("one"), .merge, ["spec": ["size": nil]]).ok()
      #expect(without["spec"]?["size"] == 3)
    },
    ConformanceCase("null takes the default unless the field is nullable") { world in
      let widget = try await world.create(Widget.make("one", spec: ["size": nil, "note": nil]))
      #expect(widget["spec"]?["size"] == 3)
      #expect(widget["spec"]?["note"] == .null)
    },
    ConformanceCase("unknown members are pruned, but not where they are preserved") { world in
      let spec: JSONValue = [
        "bogus": 1, "template": ["image": "x", "bogus": 1], "extra": ["any": ["thing": [1, "two"]]],
        "ports": [["name": "a", "bogus": true]],
      ]
      var proposed = Widget.make("one", spec: spec)
      proposed["other"] = ["x": 1]
      let widget = try await world.create(proposed)
      #expect(widget["other"] == nil)
      #expect(widget["spec"]?["bogus"] == nil)
      #expect(widget["spec"]?["template"] == ["image": "x", "pull": "Always"])
      #expect(widget["spec"]?["extra"] == ["any": ["thing": [1, "two"]]])
      #expect(widget["spec"]?["ports"] == [["name": "a", "protocol": "TCP"]])
    },
    ConformanceCase("values outside the schema are refused with their field") { world in
      let table: [(spec: JSONValue, field: String, reason: String)] = [
        (["size": 0], "spec.size", "FieldValueInvalid"),
        (["size": 101], "spec.size", "FieldValueInvalid"),
        (["ratio": 0], "spec.ratio", "FieldValueInvalid"),
        (["color": "pink"], "spec.color", "FieldValueNotSupported"),
        (["title": "a"], "spec.title", "FieldValueInvalid"),
        (["slug": "No"], "spec.slug", "FieldValueInvalid"),
        (["replicas": -1], "spec.replicas", "FieldValueInvalid"),
        (["when": "yesterday"], "spec.when", "FieldValueInvalid"),
        (["levels": ["a": -1]], "spec.levels.a", "FieldValueInvalid"),
        (["template": [:]], "spec.template.image", "FieldValueRequired"),
        (["tags": ["a", "a"]], "spec.tags[1]", "FieldValueDuplicate"),
        (["ports": [["name": "a"], ["name": "a"]]], "spec.ports[1]", "FieldValueDuplicate"),
      ]
      for (spec, field, reason) in table {
        let answer = try await world.call(.post, world.widgets(), Widget.make("one", spec: spec))
        answer.refused(422, "Invalid", fields: [field])
        let cause = answer.body["details"]?["causes"]?.arrayValue?.first
        #expect(cause?["reason"]?.stringValue == reason, "\(answer)")
        #expect(answer.body["details"]?["kind"] == "Widget")
        #expect(answer.body["details"]?["name"] == "one")
      }
    },
    ConformanceCase("values of the wrong type and lists of the wrong length are refused") { world in
      let table: [(spec: JSONValue, field: String)] = [
        (["size": "three"], "spec.size"), (["size": 1.5], "spec.size"), (["title": 12], "spec.title"),
        (["levels": ["a": "x"]], "spec.levels.a"), (["steps": "abc"], "spec.steps"),
        (["title": "ääääää"], "spec.title"), (["steps": []], "spec.steps"),
        (["steps": ["1", "2", "3", "4"]], "spec.steps"), (["steps": [1]], "spec.steps[0]"),
      ]
      for (spec, field) in table {
        let answer = try await world.call(.post, world.widgets(), Widget.make("one", spec: spec))
        answer.refused(422, "Invalid", fields: [field])
      }
    },
    ConformanceCase("values at the edge are accepted") { world in
      let specs: [JSONValue] = [
        ["size": 1], ["size": 100], ["title": "äöüßé"], ["ratio": 0.5],
        ["when": "2026-01-02T03:04:05Z"], ["when": "2026-01-02T03:04:05.123+02:00"], ["slug": "a-b-c"],
        ["steps": ["1", "2", "3"]], ["size": 7.0],
      ]
      for (position, spec) in specs.enumerated() { try await world.create(Widget.make("w\(position)", spec: spec)) }
    },
    ConformanceCase("an int-or-string takes either") { world in
      // Not a field of the widgets: servers before 1.21 cannot apply to a kind with such a field as its schema says.
      let extra: [String: JSONValue] = ["port": ["x-kubernetes-int-or-string": true]]
      try await world.install(Widget.definition(plural: "sockets", kind: "Socket", more: extra))
      let path = world.widgets().replacing("widgets", with: "sockets")
      var socket = Widget.make("a", spec: ["port": "http"])
      socket["kind"] = "Socket"
      _ = try await world.call(.post, path, socket).ok()
      _ = try await world.patch("\(path)/a", .merge, ["spec": ["port": 80]]).ok()
      for wrong: JSONValue in [1.5, true, [:]] {
        try await world.patch("\(path)/a", .merge, ["spec": ["port": wrong]])
          .refused(422, "Invalid", fields: ["spec.port"])
      }
    },
    ConformanceCase("several faults are reported together") { world in
      let answer = try await world.call(
        .post, world.widgets(), Widget.make("one", spec: ["size": 0, "color": "pink", "template": [:]]))
      answer.refused(422, "Invalid", fields: ["spec.size", "spec.color", "spec.template.image"])
    },
    ConformanceCase("updates and patches are validated too") { world in
      let widget = try await world.create(Widget.make("one"))
      try await world.patch(world.widgets("one"), .merge, ["spec": ["size": 1000]])
        .refused(422, "Invalid", fields: ["spec.size"])
      try await world.patch(world.widgets("one", "status"), .merge, ["status": ["conditions": [["type": "A"]]]])
        .refused(
          422, "Invalid",
          fields: ["status.conditions[0].status"])
      try await world.patch(world.widgets("one", "scale"), .merge, ["spec": ["replicas": -1]])
        .refused(422, "Invalid", fields: ["spec.replicas"])
      var put = widget
      put[path: ["spec", "color"]] = "pink"
      try await world.call(.put, world.widgets("one"), put).refused(422, "Invalid", fields: ["spec.color"])
      #expect(try await world.call(.get, world.widgets("one")).ok() == widget)
    },
  ]
}
