/// `coordination.k8s.io/v1.Lease`: who leads, and until when.
package struct Lease: KubeObject {
  package static let definition = ResourceDefinition(
    group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease")

  package struct Spec: Sendable, Hashable, Codable {
    package var holderIdentity: String?
    package var leaseDurationSeconds: Int?
    package var acquireTime: MicroTimestamp?
    package var renewTime: MicroTimestamp?
    package var leaseTransitions: Int?
    package init(
      holderIdentity: String? = nil, leaseDurationSeconds: Int? = nil, acquireTime: MicroTimestamp? = nil,
      renewTime: MicroTimestamp? = nil, leaseTransitions: Int? = nil
    ) {
      self.holderIdentity = holderIdentity
      self.leaseDurationSeconds = leaseDurationSeconds
      self.acquireTime = acquireTime
      self.renewTime = renewTime
      self.leaseTransitions = leaseTransitions
    }
  }

  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var spec: Spec?

  package init(metadata: ObjectMeta, spec: Spec? = nil) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.spec = spec
  }
}
