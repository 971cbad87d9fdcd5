import Basics

/// `v1.Event`: one line of an object's story in `kubectl describe`.
public struct Event: KubeObject {
  public static let definition = ResourceDefinition(group: "", version: "v1", plural: "events", kind: "Event")

  public struct Source: Sendable, Hashable, Codable {
    public var component: String?
    public var host: String?
    public init(component: String? = nil, host: String? = nil) {
      self.component = component
      self.host = host
    }
  }

  public var apiVersion: String?
  public var kind: String?
  public var metadata: ObjectMeta
  public var involvedObject: ObjectReference
  public var reason: String?
  public var message: String?
  /// `Normal` or `Warning`.
  public var type: String?
  public var source: Source?
  public var firstTimestamp: Timestamp?
  public var lastTimestamp: Timestamp?
  public var count: Int?
  public var reportingComponent: String?
  public var reportingInstance: String?

  public init(metadata: ObjectMeta, involvedObject: ObjectReference) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.involvedObject = involvedObject
  }
}
