import Basics
import KubeTypes
import Testing

extension ConformanceCase {
  static let deletions: [ConformanceCase] = [
    ConformanceCase("a deleted object is gone") { world in
      let widget = try await world.create(Widget.make("one"))
      let answer = try await world.call(.delete, world.widgets("one")).ok()
      #expect(answer["status"] == "Success")
      #expect(answer["details"]?["uid"]?.stringValue == widget.uid)
      #expect(try await world.isGone(world.widgets("one")))
      let again = try await world.create(Widget.make("one"))
      #expect(again.uid != widget.uid)
    },
    ConformanceCase("finalizers hold an object until they are removed") { world in
      try await world.create(Widget.make("one", metadata: ["finalizers": ["example.com/a", "example.com/b"]]))
      let path = world.widgets("one")
      let marked = try await world.call(.delete, path).ok()
      #expect(marked[meta: "deletionTimestamp"]?.stringValue != nil)
      #expect(marked.generation == 2)
      let again = try await world.call(.delete, path).ok()
      #expect(again[meta: "deletionTimestamp"] == marked[meta: "deletionTimestamp"])
      #expect(again.version == marked.version)
      try await world.call(.post, world.widgets(), Widget.make("one")).refused(409, "AlreadyExists")
      let more: JSONValue = ["metadata": ["finalizers": ["example.com/a", "example.com/b", "example.com/c"]]]
      try await world.patch(path, .merge, more).refused(422, "Invalid", fields: ["metadata.finalizers"])
      _ = try await world.patch(path, .merge, ["metadata": ["finalizers": ["example.com/b"]]]).ok()
      _ = try await world.call(.get, path).ok()
      _ = try await world.patch(path, .merge, ["metadata": ["finalizers": nil]]).ok()
      #expect(try await world.isGone(path))
    },
    ConformanceCase("a client can neither mark an object as deleted nor change its birth") { world in
      let widget = try await world.create(Widget.make("one"))
      var marked = widget
      marked[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
      try await world.call(.put, world.widgets("one"), marked)
        .refused(422, "Invalid", fields: ["metadata.deletionTimestamp"])
      var younger = widget
      younger[path: ["metadata", "creationTimestamp"]] = "2026-01-01T00:00:00Z"
      younger[path: ["spec", "size"]] = 4
      let after = try await world.call(.put, world.widgets("one"), younger).ok()
      #expect(after[meta: "creationTimestamp"] == widget[meta: "creationTimestamp"])
      #expect(after["spec"]?["size"] == 4)
    },
    ConformanceCase("preconditions protect what was not meant") { world in
      let first = try await world.create(Widget.make("one"))
      let other: JSONValue = ["preconditions": ["uid": "11111111-2222-4333-8444-555555555555"]]
      try await world.call(.delete, world.widgets("one"), other).refused(409, "Conflict")
      _ = try await world.patch(world.widgets("one"), .merge, ["spec": ["size": 4]]).ok()
      let stale: JSONValue = ["preconditions": ["resourceVersion": .string(first.version)]]
      try await world.call(.delete, world.widgets("one"), stale).refused(409, "Conflict")
      let right: JSONValue = ["preconditions": ["uid": .string(first.uid)]]
      _ = try await world.call(.delete, world.widgets("one"), right).ok()
    },
    ConformanceCase("a bound pod gets its grace period, an unbound one goes at once") { world in
      try await world.createPod("free")
      _ = try await world.call(.delete, world.core("pods", "free")).ok()
      #expect(try await world.isGone(world.core("pods", "free")))
      try await world.createPod("bound")
      try await world.bind("bound")
      let path = world.core("pods", "bound")
      let marked = try await world.call(.delete, path, ["gracePeriodSeconds": 20]).ok()
      #expect(marked[meta: "deletionGracePeriodSeconds"] == 20)
      #expect(marked[meta: "deletionTimestamp"]?.stringValue != nil)
      _ = try await world.call(.get, path).ok()
      _ = try await world.call(.delete, path, ["gracePeriodSeconds": 0]).ok()
      #expect(try await world.isGone(path))
    },
    ConformanceCase("a pod is bound once") { world in
      try await world.createPod("one")
      try await world.bind("one")
      let binding: JSONValue = ["metadata": ["name": "one"], "target": ["kind": "Node", "name": "other"]]
      try await world.call(.post, world.core("pods", "one", "binding"), binding).refused(409, "Conflict")
      let pod = try await world.call(.get, world.core("pods", "one")).ok()
      #expect(pod["spec"]?["nodeName"] == "conformance-node")
      _ = try await world.call(.delete, world.core("pods", "one"), ["gracePeriodSeconds": 0]).ok()
    },
    ConformanceCase("deleting a collection takes what the selector matches") { world in
      for (name, app) in [("a", "x"), ("b", "x"), ("c", "y")] {
        try await world.create(Widget.make(name, metadata: ["labels": ["app": .string(app)]]))
      }
      _ = try await world.call(.delete, world.widgets(), nil, ["labelSelector": "app=x"]).ok()
      #expect(try await world.call(.get, world.widgets()).ok().itemNames == ["c"])
    },
  ]

  /// What follows from owner references. A real server leaves it to its garbage collector, so each case waits.
  static let collections: [ConformanceCase] = [
    ConformanceCase("dependents follow their owner") { world in
      let owner = try await world.create(Widget.make("owner"))
      let child = try await world.create(
        Widget.make("child", metadata: ["ownerReferences": [Widget.owner(owner)]]))
      try await world.createConfigMap("grandchild", metadata: ["ownerReferences": [Widget.owner(child)]])
      try await world.createConfigMap("stranger")
      _ = try await world.call(.delete, world.widgets("owner"), ["propagationPolicy": "Background"]).ok()
      #expect(try await world.isGone(world.widgets("owner")))
      try await world.eventually("the child is collected") { try await world.isGone(world.widgets("child")) }
      try await world.eventually("the grandchild is collected") {
        try await world.isGone(world.core("configmaps", "grandchild"))
      }
      _ = try await world.call(.get, world.core("configmaps", "stranger")).ok()
    },
    ConformanceCase("a dependent stays while another owner lives") { world in
      let one = try await world.create(Widget.make("one"))
      let two = try await world.create(Widget.make("two"))
      let child = world.core("configmaps", "child")
      try await world.createConfigMap("child", metadata: ["ownerReferences": [Widget.owner(one), Widget.owner(two)]])
      _ = try await world.call(.delete, world.widgets("one")).ok()
      try await world.eventually("the reference to the deleted owner is removed") {
        try await world.call(.get, child).ok()[meta: "ownerReferences"]?.arrayValue?.count == 1
      }
      _ = try await world.call(.delete, world.widgets("two")).ok()
      try await world.eventually("the child is collected") { try await world.isGone(child) }
    },
    ConformanceCase("an object of an owner that is gone is collected") { world in
      let owner = try await world.create(Widget.make("owner"))
      _ = try await world.call(.delete, world.widgets("owner")).ok()
      try await world.create(Widget.make("owner"))
      try await world.createConfigMap("child", metadata: ["ownerReferences": [Widget.owner(owner)]])
      try await world.eventually("the child is collected") { try await world.isGone(world.core("configmaps", "child")) }
    },
    ConformanceCase("foreground deletion waits for blocking dependents") { world in
      let owner = try await world.create(Widget.make("owner"))
      let metadata: JSONValue = [
        "ownerReferences": [Widget.owner(owner, blocking: true)], "finalizers": ["example.com/hold"],
      ]
      try await world.create(Widget.make("child", metadata: metadata))
      try await world.waitForCollector(seeing: owner)
      _ = try await world.call(.delete, world.widgets("owner"), ["propagationPolicy": "Foreground"]).ok()
      try await world.eventually("the child is being deleted") {
        try await world.call(.get, world.widgets("child")).ok()[meta: "deletionTimestamp"] != nil
      }
      let waiting = try await world.call(.get, world.widgets("owner")).ok()
      #expect(waiting[meta: "deletionTimestamp"] != nil)
      #expect(waiting[meta: "finalizers"] == ["foregroundDeletion"])
      _ = try await world.patch(world.widgets("child"), .merge, ["metadata": ["finalizers": nil]]).ok()
      try await world.eventually("owner and child are gone") {
        let owner = try await world.isGone(world.widgets("owner"))
        let child = try await world.isGone(world.widgets("child"))
        return owner && child
      }
    },
    ConformanceCase("orphaned dependents stay") { world in
      let owner = try await world.create(Widget.make("owner"))
      try await world.createConfigMap("child", metadata: ["ownerReferences": [Widget.owner(owner)]])
      try await world.waitForCollector(seeing: owner)
      _ = try await world.call(.delete, world.widgets("owner"), ["propagationPolicy": "Orphan"]).ok()
      try await world.eventually("the owner is gone") { try await world.isGone(world.widgets("owner")) }
      let child = try await world.call(.get, world.core("configmaps", "child")).ok()
      #expect(child[meta: "ownerReferences"] == nil)
    },
    ConformanceCase("a namespace takes its content along") { world in
      let name = world.namespace + "-gone"
      _ = try await world.call(.post, "/api/v1/namespaces", ["metadata": ["name": .string(name)]]).ok()
      let inside = World(client: world.client, namespace: name)
      try await inside.createConfigMap("one")
      try await inside.create(Widget.make("held", metadata: ["finalizers": ["example.com/hold"]]))
      _ = try await world.call(.delete, "/api/v1/namespaces/\(name)").ok()
      try await world.eventually("the config map is gone") { try await inside.isGone(inside.core("configmaps", "one")) }
      try await world.eventually("the widget is being deleted") {
        try await inside.call(.get, inside.widgets("held")).ok()[meta: "deletionTimestamp"] != nil
      }
      let namespace = try await world.call(.get, "/api/v1/namespaces/\(name)").ok()
      #expect(namespace["status"]?["phase"] == "Terminating")
      try await inside.call(.post, inside.core("configmaps"), ["metadata": ["name": "late"]]).refused(403, "Forbidden")
      _ = try await inside.patch(inside.widgets("held"), .merge, ["metadata": ["finalizers": nil]]).ok()
      try await world.eventually("the namespace is gone", within: .seconds(60)) {
        try await world.isGone("/api/v1/namespaces/\(name)")
      }
    },
  ]
}

extension World {
  /// Waits until the garbage collector knows an object and its dependents: it learns of new custom resources only every
  /// half minute, and treats dependents that it has not seen as absent.
  func waitForCollector(seeing owner: JSONValue) async throws {
    let probe = try await create(Widget.make("probe-\(owner.uid.prefix(8))"))
    let name = "probed-\(owner.uid.prefix(8))"
    try await create(Widget.make(name, metadata: ["ownerReferences": [Widget.owner(probe)]]))
    _ = try await call(.delete, widgets(probe[meta: "name"]?.stringValue)).ok()
    try await eventually("the garbage collector works", within: .seconds(90)) { try await isGone(widgets(name)) }
  }

  @discardableResult
  func createPod(_ name: String, containers: [String] = ["main"], labels: JSONValue = [:]) async throws -> JSONValue {
    let pod: JSONValue = [
      "metadata": ["name": .string(name), "labels": labels],
      "spec": [
        "automountServiceAccountToken": false,
        "containers": .array(containers.map { ["name": .string($0), "image": "example.com/app:1"] }),
      ],
    ]
    // A real server makes the namespace's default service account first, a moment after the namespace.
    var answer = try await call(.post, core("pods"), pod)
    if answer.code == 403 {
      try await eventually("pods are admitted") {
        answer = try await call(.post, core("pods"), pod)
        return answer.code != 403
      }
    }
    return try answer.ok()
  }

  func bind(_ pod: String) async throws {
    let binding: JSONValue = [
      "metadata": ["name": .string(pod)], "target": ["kind": "Node", "name": "conformance-node"],
    ]
    _ = try await call(.post, core("pods", pod, "binding"), binding).ok()
  }
}
