import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeTypes
import Testing

/// TensorFleet installed on the cluster: operator and workers as processes of their own, each under its own service
/// account with only its own role. Installed once for all tests of the run.
actor Installation {
  static let shared = Installation()

  nonisolated static let systemNamespace = "tensorfleet-system"
  private(set) var cluster: Cluster?
  let folder = FileManager.default.temporaryDirectory.appending(
    path: "integration-\(UUID().uuidString.prefix(8))")
  private var operators: [BackgroundProcess] = []
  private var runner: BackgroundProcess?
  private var isInstalled = false

  /// Where workers find data sets, and keep models.
  var dataFolder: URL { folder.appending(path: "data") }
  var registryFolder: URL { folder.appending(path: "registry") }
  var operatorLog: URL { folder.appending(path: "operator.log") }

  /// The cluster with one operator and the pod runner on it.
  func ready() async throws -> Cluster {
    if let cluster, isInstalled { return cluster }
    let cluster = try Cluster()
    self.cluster = cluster
    try FileManager.default.createDirectory(at: dataFolder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Cluster.repository.appending(path: "config/samples/iris.csv"), to: dataFolder.appending(path: "iris.csv"))
    try await cluster.must("apply", "-f", "-", input: CustomResourceDefinitions.yaml(cel: false))
    try await cluster.must(
      "wait", "--for=condition=Established", "crd/trainingjobs.tensorfleet.io", "crd/workerpools.tensorfleet.io",
      "crd/trainingtasks.tensorfleet.io", "crd/traininggroups.tensorfleet.io")
    let config = Cluster.repository.appending(path: "config").path
    try await cluster.must("apply", "-f", "\(config)/operator/namespace.yaml")
    try await cluster.must("apply", "-k", "\(config)/rbac")
    try await writeOperatorKubeconfig(cluster)
    runner = try BackgroundProcess(
      cluster.binaries.appending(path: "tensorfleet-pod-runner"),
      [
        "--kubeconfig", cluster.kubeconfig, "--worker", cluster.binaries.appending(path: "tensorfleet-worker").path,
        "--log-dir", folder.appending(path: "workers").path,
      ], log: folder.appending(path: "runner.log"))
    try startOperator()
    isInstalled = true
    return cluster
  }

  /// A kubeconfig that holds nothing but a token of the operator's service account.
  private func writeOperatorKubeconfig(_ cluster: Cluster) async throws {
    let request: JSONValue = [
      "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": ["expirationSeconds": 86_400],
    ]
    let answer = try await cluster.client.resource(ServiceAccount.self, namespace: Self.systemNamespace)
      .createSubresource("tensorfleet-operator", "token", request, as: JSONValue.self)
    let token = try #require(answer[path: ["status", "token"]]?.stringValue)
    let server = try ClusterConfiguration.load(kubeconfig: cluster.kubeconfig).identity
    let config = JSONValue.object([
      "apiVersion": "v1", "kind": "Config", "current-context": "c",
      "clusters": [
        [
          "name": "c",
          "cluster": [
            "server": .string(server.url),
            "certificate-authority-data": .string(server.certificateAuthority?.base64EncodedString() ?? ""),
          ],
        ]
      ],
      "users": [["name": "c", "user": ["token": .string(token)]]],
      "contexts": [["name": "c", "context": ["cluster": "c", "user": "c"]]],
    ])
    try JSON.encode(config).write(to: folder.appending(path: "operator.kubeconfig"))
  }

  // MARK: Operators

  /// Starts one more replica of the operator; they agree by the lease on who acts.
  @discardableResult
  func startOperator() throws -> BackgroundProcess {
    let cluster = try #require(cluster)
    let process = try BackgroundProcess(
      cluster.binaries.appending(path: "tensorfleet-operator"),
      [
        "--kubeconfig", folder.appending(path: "operator.kubeconfig").path, "--port", "0", "--host", "127.0.0.1",
        "--leader-election-namespace", Self.systemNamespace, "--lease-seconds", "5", "--worker-image", "worker:test",
        "--worker-env", "TENSORFLEET_DATA=\(dataFolder.path)",
        "--worker-env", "TENSORFLEET_REGISTRY=\(registryFolder.path)",
      ], environment: ["POD_NAME": "operator-\(operators.count)"], log: operatorLog)
    operators.append(process)
    return process
  }

  /// The newest replica that was started.
  var newestOperator: BackgroundProcess? { operators.last }

  func shutDown() async {
    for process in operators { process.send(SIGTERM) }
    runner?.send(SIGTERM)
    for process in operators { _ = await process.wait() }
    _ = await runner?.wait()
  }
}
