/// `v1.Event`: one line of an object's story in `kubectl describe`.
package struct Event: KubeObject {
  package static let definition = ResourceDefinition(group: "", version: "v1", plural: "events", kind: "Event")

  package struct Source: Sendable, Hashable, Codable {
    package var component: String?
    package var host: String?
    package init(component: String? = nil, host: String? = nil) {
      self.component = component
      self.host = host
    }
  }

  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var involvedObject: ObjectReference
  package var reason: String?
  package var message: String?
  /// `Normal` or `Warning`.
  package var type: String?
  package var source: Source?
  package var firstTimestamp: Timestamp?
  package var lastTimestamp: Timestamp?
  package var count: Int?
  package var reportingComponent: String?
  package var reportingInstance: String?

  package init(metadata: ObjectMeta, involvedObject: ObjectReference) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.involvedObject = involvedObject
  }
}
