/// Security settings of a whole pod.
public struct PodSecurityContext: Sendable, Hashable, Codable {
  public var runAsNonRoot: Bool?
  public var runAsUser: Int64?
  public var runAsGroup: Int64?
  public var fsGroup: Int64?
  public var seccompProfile: SeccompProfile?
  public init() {}

  /// What Pod Security's `restricted` profile asks of a pod.
  public static var restricted: PodSecurityContext {
    var context = PodSecurityContext()
    context.runAsNonRoot = true
    context.runAsUser = 65_532
    context.runAsGroup = 65_532
    context.fsGroup = 65_532
    context.seccompProfile = SeccompProfile(type: "RuntimeDefault")
    return context
  }
}

public struct SeccompProfile: Sendable, Hashable, Codable {
  public var type: String
  public init(type: String) { self.type = type }
}

/// Security settings of one container.
public struct SecurityContext: Sendable, Hashable, Codable {
  public struct Capabilities: Sendable, Hashable, Codable {
    public var add: [String]?
    public var drop: [String]?
    public init(add: [String]? = nil, drop: [String]? = nil) {
      self.add = add
      self.drop = drop
    }
  }
  public var allowPrivilegeEscalation: Bool?
  public var readOnlyRootFilesystem: Bool?
  public var runAsNonRoot: Bool?
  public var privileged: Bool?
  public var capabilities: Capabilities?
  public init() {}

  /// What Pod Security's `restricted` profile asks of a container, and a root file system that cannot be written.
  public static var restricted: SecurityContext {
    var context = SecurityContext()
    context.allowPrivilegeEscalation = false
    context.readOnlyRootFilesystem = true
    context.runAsNonRoot = true
    context.capabilities = Capabilities(drop: ["ALL"])
    return context
  }
}
