import Basics

/// `coordination.k8s.io/v1.Lease`: who leads, and until when.
public struct Lease: KubeObject {
  public static let definition = ResourceDefinition(
    group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease")

  public struct Spec: Sendable, Hashable, Codable {
    public var holderIdentity: String?
    public var leaseDurationSeconds: Int?
    public var acquireTime: MicroTimestamp?
    public var renewTime: MicroTimestamp?
    public var leaseTransitions: Int?
    public init(
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

  public var apiVersion: String?
  public var kind: String?
  public var metadata: ObjectMeta
  public var spec: Spec?

  public init(metadata: ObjectMeta, spec: Spec? = nil) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.spec = spec
  }
}
