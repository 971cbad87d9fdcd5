import KubeTypes

/// The resources that are there before any CustomResourceDefinition.
enum BuiltinKinds {
  static let all: [ResourceType] = [
    core("pods", "Pod", short: ["po"], rules: .pod, status: true),
    core("events", "Event", short: ["ev"], rules: .event),
    core("namespaces", "Namespace", short: ["ns"], namespaced: false, rules: .namespace, status: true),
    core("nodes", "Node", short: ["no"], namespaced: false, rules: .node, status: true),
    core("serviceaccounts", "ServiceAccount", short: ["sa"], rules: .serviceAccount),
    core("secrets", "Secret"),
    core("configmaps", "ConfigMap", short: ["cm"]),
    kind("coordination.k8s.io", "v1", "leases", "Lease", unconditional: false),
    kind("rbac.authorization.k8s.io", "v1", "roles", "Role", rules: .role),
    kind("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", rules: .role),
    kind("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", namespaced: false, rules: .role),
    kind(
      "rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced: false, rules: .role),
    kind("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", short: ["hpa"], status: true),
    customResourceDefinitions,
  ]

  static let customResourceDefinitionID = ResourceID(
    group: "apiextensions.k8s.io", plural: "customresourcedefinitions")
  static let namespaceID = ResourceID(group: "", plural: "namespaces")
  static let podID = ResourceID(group: "", plural: "pods")

  private static var customResourceDefinitions: ResourceType {
    var type = kind(
      "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", short: ["crd", "crds"],
      namespaced: false, rules: .customResourceDefinition, status: true)
    type.tracksGeneration = true
    return type
  }

  private static func core(
    _ plural: String, _ kindName: String, short: [String] = [], namespaced: Bool = true, rules: KindRules = .plain,
    status: Bool = false
  ) -> ResourceType {
    kind("", "v1", plural, kindName, short: short, namespaced: namespaced, rules: rules, status: status)
  }

  private static func kind(
    _ group: String, _ version: String, _ plural: String, _ kind: String, short: [String] = [],
    namespaced: Bool = true, rules: KindRules = .plain, status: Bool = false, unconditional: Bool = true
  ) -> ResourceType {
    ResourceType(
      id: ResourceID(group: group, plural: plural), kind: kind, listKind: kind + "List", singular: kind.lowercased(),
      shortNames: short, namespaced: namespaced, versions: [ServedVersion(name: version, hasStatus: status)],
      rules: rules, allowsUnconditionalUpdate: unconditional)
  }
}
