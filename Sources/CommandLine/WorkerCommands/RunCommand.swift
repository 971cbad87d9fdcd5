import ArgumentParser
import CommandLineKit
import FleetAPI
import Foundation
import KubeAccess
import Logging
import Registries
import WorkerAgent

/// The worker itself.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", abstract: "Works until SIGTERM (the default).")

  @Option(help: "The name of this pod. TENSORFLEET_POD_NAME.")
  var podName: String?

  @Option(help: "The UID of this pod. TENSORFLEET_POD_UID.")
  var podUid: String?

  @Option(help: "The namespace of this pod. TENSORFLEET_NAMESPACE, or the client's own.")
  var namespace: String?

  @Option(help: "The registry: a directory, as a path or file:///path. TENSORFLEET_REGISTRY.")
  var registry: String?

  @Option(
    help: ArgumentHelp(
      "A directory on this pod's disk for what the registry cannot take yet. TENSORFLEET_SPOOL, or one below the temporary directory."
    ))
  var spool: String?

  @Option(help: "MiB that the spool may hold (16 to 1048576). TENSORFLEET_SPOOL_MIB, or 1024.")
  var spoolMib: Int?

  @Option(help: "The name of this pod's machine. TENSORFLEET_NODE_NAME, or the host's name.")
  var nodeName: String?

  @Option(help: "Where data set paths that are not absolute begin. TENSORFLEET_DATA, or the working directory.")
  var data: String?

  @Option(help: "The kubeconfig file to use.")
  var kubeconfig: String?

  @Option(help: "The kubeconfig's context to use.")
  var context: String?

  @Option(help: "Seconds that the process may live on after SIGTERM (1 to 86400).")
  var graceSeconds = 25

  @Option(help: "The file to make once ready. TENSORFLEET_READY_FILE, or /tmp/ready.")
  var readyFile: String?

  @Option(help: "trace, debug, info, notice, warning, error or critical. TENSORFLEET_LOG_LEVEL, or info.")
  var logLevel: String?

  mutating func validate() throws {
    guard (1...86_400).contains(graceSeconds) else {
      throw ValidationError("--grace-seconds is \(graceSeconds); it must be from 1 to 86400.")
    }
    _ = try level()
    _ = try spoolBytes()
    // The option's value is not in the message: logs keep what is printed.
    if let registry, URIPassword.mayBeInLocation(registry) {
      throw ValidationError(
        "--registry has a password in it, which every user of this machine could read in the list of processes; set "
          + "\(Fleet.Environment.registry) in the environment instead.")
    }
  }

  private func spoolBytes() throws -> Int {
    let name = Fleet.Environment.spoolMebibytes
    let text = spoolMib.map(String.init) ?? Settings.value(nil, environment: name)
    guard let text else { return SpoolOptions.defaultBytes }
    guard let count = Int(text), (16...1_048_576).contains(count) else {
      throw ValidationError("--spool-mib (or \(name)) is \"\(text)\"; it must be from 16 to 1048576.")
    }
    return count << 20
  }

  private func level() throws -> Logger.Level {
    let name = Settings.value(logLevel, environment: "TENSORFLEET_LOG_LEVEL") ?? "info"
    guard let level = Logger.Level(rawValue: name) else {
      let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--log-level is \"\(name)\"; it must be one of \(known).")
    }
    return level
  }

  func run() async throws {
    let level = try level()
    LoggingSystem.bootstrap { label in
      var handler = StreamLogHandler.standardError(label: label)
      handler.logLevel = level
      return handler
    }
    let log = Logger(label: "worker")
    let podName = try Settings.required(podName, "--pod-name", environment: Fleet.Environment.podName)
    let podUID = try Settings.required(podUid, "--pod-uid", environment: Fleet.Environment.podUID)
    let location = try Settings.required(registry, "--registry", environment: Fleet.Environment.registry)
    let directory = FileManager.default.currentDirectoryPath
    let dataRoot = Settings.value(data, environment: Fleet.Environment.data) ?? directory
    let client = try KubeClient.connect(kubeconfig: kubeconfig, context: context, userAgent: "tensorfleet-worker")
    let worker = FleetWorker(
      client: client,
      identity: WorkerIdentity(
        podName: podName, podUID: podUID,
        namespace: Settings.value(namespace, environment: Fleet.Environment.namespace) ?? client.defaultNamespace),
      registry: try openRegistry(location, log: Logger(label: "registry")),
      spool: SpoolOptions(
        directory: SpoolOptions.directory(Settings.value(spool, environment: Fleet.Environment.spool), podUID: podUID),
        maximumBytes: try spoolBytes()),
      dataRoot: URL(filePath: dataRoot), node: Settings.value(nodeName, environment: Fleet.Environment.nodeName),
      grace: .seconds(graceSeconds), log: log)
    await work(worker, ReadinessFile(path: Settings.readyFile(readyFile)), log)
  }

  private func work(_ worker: FleetWorker, _ ready: ReadinessFile, _ log: Logger) async {
    ready.remove()
    let working = Task { await worker.run() }
    let readiness = Task {
      do {
        try await worker.waitUntilReady()
        try ready.create()
        log.info("ready")
      } catch is CancellationError {
      } catch { log.error("the readiness file cannot be written", metadata: ["path": "\(ready.path)"]) }
    }
    let signals = Signals([SIGTERM, SIGINT])
    let watching = Task {
      for await _ in signals.stream {
        // Not ready any more: the operator gives it nothing from here on.
        readiness.cancel()
        ready.remove()
        working.cancel()
        // A second one ends the process, whatever this task does.
      }
    }
    await working.value
    watching.cancel()
    log.info("done")
  }
}
