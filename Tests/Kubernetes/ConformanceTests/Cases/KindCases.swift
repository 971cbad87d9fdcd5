import Basics
import KubeTypes
import Testing

extension ConformanceCase {
  static let kinds: [ConformanceCase] = [
    ConformanceCase("a definition serves its kind, and takes it along when it goes") { world in
      let plural = "gizmos\(world.namespace.suffix(8))"
      let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
      let definition = Widget.definition(plural: plural, kind: "Gizmo\(world.namespace.suffix(8))")
      let path = "/apis/\(Widget.group)/v1/namespaces/\(world.namespace)/\(plural)"
      #expect(try await world.call(.get, path).code == 404)
      _ = try await world.call(.post, definitions, definition).ok()
      let own = "\(definitions)/\(plural).\(Widget.group)"
      try await world.eventually("the definition is established") {
        let conditions = try await world.call(.get, own).ok()["status"]?["conditions"]?.arrayValue ?? []
        return ["Established", "NamesAccepted"].allSatisfy { type in
          conditions.contains { $0["type"]?.stringValue == type && $0["status"] == "True" }
        }
      }
      try await world.eventually("the paths are served") { try await world.call(.get, path).code == 200 }
      var gizmo = Widget.make("one")
      gizmo["kind"] = .string("Gizmo\(world.namespace.suffix(8))")
      try await world.eventually("objects are accepted") { try await world.call(.post, path, gizmo).code == 201 }
      try await world.eventually("discovery names it") {
        let listed = try await world.call(.get, "/apis/\(Widget.group)/v1").ok()
        let names = (listed["resources"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        return Set(names).isSuperset(of: [plural, "\(plural)/status", "\(plural)/scale"])
      }
      _ = try await world.call(.delete, own).ok()
      try await world.eventually("definition and paths are gone") {
        let isGone = try await world.isGone(own)
        let code = try await world.call(.get, path).code
        return isGone && code == 404
      }
    },
    ConformanceCase("a definition that is none is refused") { world in
      let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
      var wrongName = Widget.definition(plural: "things", kind: "Thing")
      wrongName[path: ["metadata", "name"]] = "other.conformance.example.com"
      let answer = try await world.call(.post, path, wrongName)
      #expect(answer.code == 422 && answer.reason == "Invalid", "\(answer)")
      #expect(answer.fields.contains("metadata.name"), "\(answer)")
      var wrongScope = Widget.definition(plural: "things", kind: "Thing")
      wrongScope[path: ["spec", "scope"]] = "Galaxy"
      let scoped = try await world.call(.post, path, wrongScope)
      #expect(scoped.code == 422 && scoped.fields.contains("spec.scope"), "\(scoped)")
    },
    ConformanceCase("the server says what it serves") { world in
      let core = try await world.call(.get, "/api/v1").ok()
      let names = (core["resources"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
      #expect(Set(names).isSuperset(of: ["pods", "pods/status", "pods/binding", "events", "namespaces", "secrets"]))
      let groups = try await world.call(.get, "/apis").ok()
      let group = groups["groups"]?.arrayValue?.first { $0["name"]?.stringValue == Widget.group }
      #expect(group?["preferredVersion"]?["groupVersion"]?.stringValue == "\(Widget.group)/v1")
      #expect(try await world.call(.get, "/version").ok()["gitVersion"]?.stringValue?.hasPrefix("v1.") == true)
      #expect(try await world.call(.get, "/readyz").code == 200)
      #expect(try await world.call(.get, "/apis/no.such.group/v1/things").code == 404)
    },
    ConformanceCase("events are found by what they are about") { world in
      for (name, subject) in [("e1", "a"), ("e2", "b")] {
        let event: JSONValue = [
          "metadata": ["name": .string(name)], "reason": "Tested", "type": "Normal", "message": "x",
          "involvedObject": [
            "kind": "Widget", "namespace": .string(world.namespace), "name": .string(subject), "uid": .string(subject),
          ],
        ]
        _ = try await world.call(.post, world.core("events"), event).ok()
      }
      for selector in ["involvedObject.name=b", "involvedObject.kind=Widget,involvedObject.uid=b"] {
        let list = try await world.call(.get, world.core("events"), nil, ["fieldSelector": selector]).ok()
        #expect(list.itemNames == ["e2"])
      }
    },
    ConformanceCase("a lease changes hands by its version") { world in
      let path = "/apis/coordination.k8s.io/v1/namespaces/\(world.namespace)/leases"
      let lease: JSONValue = [
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": "leader"],
        "spec": ["holderIdentity": "a", "leaseDurationSeconds": 15, "renewTime": "2026-01-01T00:00:00.000000Z"],
      ]
      var held = try await world.call(.post, path, lease).ok()
      #expect(held["spec"]?["renewTime"] == "2026-01-01T00:00:00.000000Z")
      held[path: ["spec", "holderIdentity"]] = "b"
      _ = try await world.call(.put, "\(path)/leader", held).ok()
      held[path: ["spec", "holderIdentity"]] = "c"
      try await world.call(.put, "\(path)/leader", held).refused(409, "Conflict")
    },
    ConformanceCase("a pod gets defaults, and its containers do not change") { world in
      let pod = try await world.createPod("one")
      #expect(pod["spec"]?["restartPolicy"] == "Always")
      #expect(pod["spec"]?["terminationGracePeriodSeconds"] == 30)
      #expect(pod["spec"]?["containers"]?.arrayValue?.first?["imagePullPolicy"] == "IfNotPresent")
      #expect(pod["status"]?["phase"] == "Pending")
      #expect(pod["status"]?["qosClass"] == "BestEffort")
      let operations: JSONValue = [["op": "add", "path": "/spec/containers/0/command", "value": ["sh"]]]
      try await world.patch(world.core("pods", "one"), .json, operations).refused(422, "Invalid", fields: ["spec"])
      let none: JSONValue = ["metadata": ["name": "two"], "spec": ["containers": []]]
      let answer = try await world.call(.post, world.core("pods"), none)
      answer.refused(422, "Invalid", fields: ["spec.containers"])
    },
    ConformanceCase("a pod's status is written by its subresource") { world in
      try await world.createPod("one")
      let status: JSONValue = ["status": ["phase": "Running", "podIP": "10.0.0.1"]]
      let main = try await world.patch(world.core("pods", "one"), .merge, status).ok()
      #expect(main["status"]?["phase"] == "Pending")
      let after = try await world.patch(world.core("pods", "one", "status"), .merge, status).ok()
      #expect(after["status"]?["phase"] == "Running")
      let list = try await world.call(.get, world.core("pods"), nil, ["fieldSelector": "status.phase=Running"]).ok()
      #expect(list.itemNames == ["one"])
    },
    ConformanceCase("the role of a binding does not change") { world in
      let path = "/apis/rbac.authorization.k8s.io/v1/namespaces/\(world.namespace)/rolebindings"
      let binding: JSONValue = [
        "metadata": ["name": "system:one"], "subjects": [],
        "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "a"],
      ]
      _ = try await world.call(.post, path, binding).ok()
      let answer = try await world.patch("\(path)/system:one", .merge, ["roleRef": ["name": "b"]])
      answer.refused(422, "Invalid", fields: ["roleRef"])
    },
    ConformanceCase("a service account gets a token") { world in
      _ = try await world.call(.post, world.core("serviceaccounts"), ["metadata": ["name": "robot"]]).ok()
      let request: JSONValue = [
        "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": ["expirationSeconds": 900],
      ]
      let answer = try await world.call(.post, world.core("serviceaccounts", "robot", "token"), request).ok()
      #expect(answer["status"]?["token"]?.stringValue?.isEmpty == false)
    },
  ]
}
