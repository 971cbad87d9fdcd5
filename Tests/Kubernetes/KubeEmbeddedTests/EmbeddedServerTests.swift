import Basics
import KubeAccess
import KubeEmbedded
import KubeTypes
import Testing

@Suite struct EmbeddedServerTests {
  private static let gadgets = ResourceDefinition(
    group: "test.example.com", version: "v1", plural: "gadgets", kind: "Gadget")

  private static let definition: JSONValue = [
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": ["name": "gadgets.test.example.com"],
    "spec": [
      "group": "test.example.com", "scope": "Namespaced", "names": ["plural": "gadgets", "kind": "Gadget"],
      "versions": [
        [
          "name": "v1", "served": true, "storage": true, "subresources": ["status": [:]],
          "schema": [
            "openAPIV3Schema": [
              "type": "object",
              "properties": [
                "spec": ["type": "object", "properties": ["size": ["type": "integer", "default": 3]]],
                "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
              ],
            ]
          ],
        ]
      ],
    ],
  ]

  private func gadget(_ name: String) -> DynamicObject {
    DynamicObject([
      "apiVersion": "test.example.com/v1", "kind": "Gadget", "metadata": ["name": .string(name)], "spec": [:],
    ])
  }

  @Test func aCustomResourceLivesFromCreateToDelete() async throws {
    let server = EmbeddedAPIServer()
    try server.install(crd: Self.definition)
    let gadgets = KubeClient(transport: server).dynamic(Self.gadgets, namespace: "default")
    let created = try await gadgets.create(gadget("one"))
    #expect(created.content["spec"]?["size"] == 3)
    var options = WatchOptions(resourceVersion: created.content["metadata"]?["resourceVersion"]?.stringValue)
    options.allowBookmarks = false
    let events = try await gadgets.watch(options)
    _ = try await gadgets.patch("one", .merge(["status": ["state": "Busy"]]), subresource: "status")
    let patched = try await gadgets.patch("one", .merge(["spec": ["size": 4], "status": ["state": "Lost"]]))
    #expect(patched.content["status"]?["state"] == "Busy")
    #expect(patched.content["metadata"]?["generation"] == 2)
    #expect(try await gadgets.list().items.count == 1)
    try await gadgets.delete("one")
    var seen: [String] = []
    for try await event in events {
      switch event {
      case .added: seen.append("added")
      case .modified: seen.append("modified")
      case .deleted: seen.append("deleted")
      case .bookmark, .error: seen.append("other")
      }
      if seen.count == 3 { break }
    }
    #expect(seen == ["modified", "modified", "deleted"])
    await #expect(throws: KubeError.self) { try await gadgets.get("one") }
  }

  @Test func aNamespaceHeldByAFinalizerGoesWithIt() async throws {
    let server = EmbeddedAPIServer()
    let namespaces = KubeClient(transport: server).dynamic(
      ResourceDefinition(group: "", version: "v1", plural: "namespaces", kind: "Namespace", namespaced: false))
    _ = try await namespaces.create(
      DynamicObject(["metadata": ["name": "held", "finalizers": ["example.com/hold"]]]))
    try await namespaces.delete("held")
    #expect(try await namespaces.get("held").content["status"]?["phase"] == "Terminating")
    _ = try await namespaces.patch("held", .merge(["metadata": ["finalizers": .null]]))
    await #expect { try await namespaces.get("held") } throws: { ($0 as? KubeError)?.isNotFound == true }
  }
}
