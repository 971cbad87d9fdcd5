import KubeTypes

/// A resource of one group and version, as the server lists it (`metav1.APIResource`).
public struct ServedResource: Sendable, Hashable, Codable {
  /// The plural name in paths; `pods/log` for a subresource.
  public var name: String
  public var kind: String
  public var namespaced: Bool
  public var verbs: [String]?
}

/// Asks a server what it serves: versions of a group differ between servers, and a controller has to take one that is
/// there (<https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api>, the unaggregated form, which
/// all servers have).
///
/// Nothing is kept: call it once at the start and remember the answer.
public struct Discovery: Sendable {
  private let client: KubeClient

  public init(_ client: KubeClient) { self.client = client }

  /// The server's version, from `/version`.
  public func version() async throws(KubeError) -> ServerVersion {
    try await client.send(APIRequest(.get, "/version"), as: ServerVersion.self)
  }

  private struct Versions: Decodable {
    struct Version: Decodable { var version: String }
    struct Group: Decodable {
      var name: String
      var versions: [Version]
      var preferredVersion: Version?
    }
    /// `/api`: the core group's.
    var versions: [String]?
    /// `/apis`: all others.
    var groups: [Group]?
  }

  /// The versions of a group that are served, the server's favourite first; empty where it does not know the group.
  /// - Parameter group: empty for the core group.
  public func versions(of group: String) async throws(KubeError) -> [String] {
    if group.isEmpty { return try await client.send(APIRequest(.get, "/api"), as: Versions.self).versions ?? [] }
    let all = try await client.send(APIRequest(.get, "/apis"), as: Versions.self).groups ?? []
    guard let found = all.first(where: { $0.name == group }) else { return [] }
    let versions = found.versions.map(\.version)
    guard let favourite = found.preferredVersion?.version, versions.contains(favourite) else { return versions }
    return [favourite] + versions.filter { $0 != favourite }
  }

  private struct Resources: Decodable { var resources: [ServedResource]? }

  /// The resources of a group and version, subresources among them; empty where the server does not have it.
  public func resources(group: String, version: String) async throws(KubeError) -> [ServedResource] {
    let root = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
    do {
      return try await client.send(APIRequest(.get, root), as: Resources.self).resources ?? []
    } catch {
      if error.isNotFound { return [] }
      throw error
    }
  }

  /// Whether the server has a kind in a group and version.
  public func serves(group: String, version: String, kind: String) async throws(KubeError) -> Bool {
    try await resources(group: group, version: version).contains { $0.kind == kind && !$0.name.contains("/") }
  }

  /// The first of some versions in which the server has a kind; nil where it has none of them. `["v2", "v2beta2"]` of
  /// `autoscaling` is what a HorizontalPodAutoscaler asks.
  public func firstServed(
    of versions: [String], group: String, kind: String
  ) async throws(KubeError) -> String? {
    for version in versions where try await serves(group: group, version: version, kind: kind) { return version }
    return nil
  }
}

extension KubeClient {
  /// What this server serves.
  public var discovery: Discovery { Discovery(self) }
}
