/// `autoscaling/v1.Scale`: the body of every `scale` subresource.
package struct Scale: Sendable, Hashable, Codable {
  package struct Spec: Sendable, Hashable, Codable {
    package var replicas: Int?
    package init(replicas: Int? = nil) { self.replicas = replicas }
  }
  package struct Status: Sendable, Hashable, Codable {
    package var replicas: Int
    package var selector: String?
    package init(replicas: Int, selector: String? = nil) {
      self.replicas = replicas
      self.selector = selector
    }
  }
  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var spec: Spec?
  package var status: Status?

  package init(metadata: ObjectMeta, spec: Spec? = nil, status: Status? = nil) {
    apiVersion = "autoscaling/v1"
    kind = "Scale"
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}
