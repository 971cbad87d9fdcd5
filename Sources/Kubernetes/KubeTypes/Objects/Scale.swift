/// `autoscaling/v1.Scale`: the body of every `scale` subresource.
public struct Scale: Sendable, Hashable, Codable {
  public struct Spec: Sendable, Hashable, Codable {
    public var replicas: Int?
    public init(replicas: Int? = nil) { self.replicas = replicas }
  }
  public struct Status: Sendable, Hashable, Codable {
    public var replicas: Int
    public var selector: String?
    public init(replicas: Int, selector: String? = nil) {
      self.replicas = replicas
      self.selector = selector
    }
  }
  public var apiVersion: String?
  public var kind: String?
  public var metadata: ObjectMeta
  public var spec: Spec?
  public var status: Status?

  public init(metadata: ObjectMeta, spec: Spec? = nil, status: Status? = nil) {
    apiVersion = "autoscaling/v1"
    kind = "Scale"
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}
