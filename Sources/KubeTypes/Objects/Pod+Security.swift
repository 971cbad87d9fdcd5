/// Security settings of a whole pod.
package struct PodSecurityContext: Sendable, Hashable, Codable {
  package var runAsNonRoot: Bool?
  package var runAsUser: Int64?
  package var runAsGroup: Int64?
  package var fsGroup: Int64?
  package var seccompProfile: SeccompProfile?
  package init() {}

  /// What Pod Security's `restricted` profile asks of a pod.
  package static var restricted: PodSecurityContext {
    var context = PodSecurityContext()
    context.runAsNonRoot = true
    context.runAsUser = 65_532
    context.runAsGroup = 65_532
    context.fsGroup = 65_532
    context.seccompProfile = SeccompProfile(type: "RuntimeDefault")
    return context
  }
}

package struct SeccompProfile: Sendable, Hashable, Codable {
  package var type: String
  package init(type: String) { self.type = type }
}

/// Security settings of one container.
package struct SecurityContext: Sendable, Hashable, Codable {
  package struct Capabilities: Sendable, Hashable, Codable {
    package var add: [String]?
    package var drop: [String]?
    package init(add: [String]? = nil, drop: [String]? = nil) {
      self.add = add
      self.drop = drop
    }
  }
  package var allowPrivilegeEscalation: Bool?
  package var readOnlyRootFilesystem: Bool?
  package var runAsNonRoot: Bool?
  package var privileged: Bool?
  package var capabilities: Capabilities?
  package init() {}

  /// What Pod Security's `restricted` profile asks of a container, and a root file system that cannot be written.
  package static var restricted: SecurityContext {
    var context = SecurityContext()
    context.allowPrivilegeEscalation = false
    context.readOnlyRootFilesystem = true
    context.runAsNonRoot = true
    context.capabilities = Capabilities(drop: ["ALL"])
    return context
  }
}
