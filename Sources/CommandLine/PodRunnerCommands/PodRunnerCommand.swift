import ArgumentParser
import CommandLineKit
import Foundation
import KubeAccess
import LocalPods
import Logging

package struct PodRunnerCommand: AsyncParsableCommand {
  package init() {}

  package static let configuration = CommandConfiguration(
    commandName: "tensorfleet-pod-runner",
    abstract: "Runs the pods of worker pools as processes of this machine, where there is no kubelet.",
    discussion: """
      For development and tests. It binds pods that carry the label tensorfleet.io/pool to a node of its own, starts a
      worker for each under the pod's own service account, and reports the pods' status. Images, mounts, limits and
      probes are not looked at: a worker counts as ready while the file that TENSORFLEET_READY_FILE names exists.
      It needs a user who may create nodes, bind pods, write their status, read secrets and make service account tokens.
      SIGINT or SIGTERM ends all workers, then the runner.
      """)

  @Option(help: "The kubeconfig file to use. As kubectl, where it is not given.")
  var kubeconfig: String?

  @Option(help: "The kubeconfig's context to use.")
  var context: String?

  @Option(help: "The program to start for every pod.")
  var worker: String

  @Option(help: "The name of the node that pods are bound to.")
  var node = "tensorfleet-dev"

  @Option(help: "Serve only this namespace. All, where it is not given.")
  var namespace: String?

  @Option(help: "Where the workers' output goes, as NAMESPACE_POD.log.")
  var logDir = "."

  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel = "info"

  package func validate() throws {
    guard FileManager.default.isExecutableFile(atPath: worker) else {
      throw ValidationError("--worker is \"\(worker)\"; it must be a program that can be run.")
    }
    guard Logger.Level(rawValue: logLevel) != nil else {
      throw ValidationError(
        "--log-level is \"\(logLevel)\"; it must be one of trace, debug, info, notice, warning, error, critical.")
    }
  }

  package func run() async throws {
    let signals = Signals()
    let level = Logger.Level(rawValue: logLevel) ?? .info
    LoggingSystem.bootstrap { label in
      var handler = StreamLogHandler.standardError(label: label)
      handler.logLevel = level
      return handler
    }
    try FileManager.default.createDirectory(atPath: logDir, withIntermediateDirectories: true)
    let cluster = try ClusterConfiguration.load(kubeconfig: kubeconfig, context: context)
    let client = try KubeClient.connect(cluster, userAgent: "tensorfleet-pod-runner")
    let access = ClusterAccess(
      server: cluster.identity.url, certificateAuthority: cluster.identity.certificateAuthority,
      skipsVerification: cluster.identity.insecureSkipTLSVerify)
    let launcher = ProcessLauncher(
      executable: absolute(worker), logDirectory: absolute(logDir),
      credentials: PodCredentials(cluster: access, client: client))
    let runner = PodRunner(client: client, launcher: launcher, configuration: .init(node: node, namespace: namespace))
    let work = Task { await runner.run() }
    for await number in signals.stream {
      Logger(label: "pod-runner").info("ending all workers", metadata: ["signal": "\(number)"])
      break
    }
    work.cancel()
    await work.value
  }

  private func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }
}
