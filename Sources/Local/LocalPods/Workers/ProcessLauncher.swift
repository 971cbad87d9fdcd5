import Basics
import Foundation
import KubeTypes
import Logging

/// Runs the workers of pods as processes of this machine, each with a private directory and, where it is given an issuer, with
/// its service account's own credentials.
package struct ProcessLauncher: WorkerLauncher {
  /// Names of variables that only this launcher sets.
  package enum Variable {
    /// The path of a file that the worker makes once it is ready, and removes when it no longer is.
    package static let readyFile = "TENSORFLEET_READY_FILE"
    static let kubeconfig = "KUBECONFIG"
  }

  private let executable: String
  private let logDirectory: String
  private let credentials: PodCredentials?
  private let log: Logger

  /// - Parameters:
  ///   - executable: the worker's program; the container's image is not looked at.
  ///   - logDirectory: where output goes, one file a pod: `NAMESPACE_POD.log`, appended to.
  ///   - credentials: nil gives the workers none.
  package init(
    executable: String, logDirectory: String, credentials: PodCredentials? = nil,
    log: Logger = Logger(label: "pod-runner")
  ) {
    self.executable = executable
    self.logDirectory = logDirectory
    self.credentials = credentials
    self.log = log
  }

  package func launch(_ launch: WorkerLaunch) async throws(LaunchError) -> any RunningWorker {
    let directory = try PrivateDirectory(prefix: "tensorfleet-pod")
    var environment = Self.machineEnvironment(directory: directory.path)
    environment.merge(launch.environment) { $1 }
    let readyFile = "\(directory.path)/ready"
    environment[Variable.readyFile] = readyFile
    let pod = launch.pod
    var renewal: Task<Void, Never>?
    if let credentials {
      let files = CredentialFiles(directory: directory.path)
      let token = try await credentials.issue(for: pod)
      try files.write(kubeconfigFor: credentials.cluster, namespace: pod.namespace)
      try files.write(token)
      environment[Variable.kubeconfig] = files.kubeconfig
      renewal = Task { await credentials.renew(token, for: pod, files) }
    }
    do throws(LaunchError) {
      let child = try await ChildProcess.start(
        executable, arguments: launch.arguments, environment: environment, directory: directory.path,
        output: try openLog(of: pod))
      log.info("worker started", metadata: ["pod": "\(pod.key)", "pid": "\(child.pid)"])
      let probed = pod.spec?.containers.first?.readinessProbe != nil
      return ProcessWorker(child: child, readyFile: probed ? readyFile : nil, directory: directory, renewal: renewal)
    } catch {
      renewal?.cancel()
      throw error
    }
  }

  /// What a worker needs of this machine; nothing else of this process's environment reaches it, as none would in a container.
  private static func machineEnvironment(directory: String) -> [String: String] {
    let own = ProcessInfo.processInfo.environment
    var environment = ["HOME": directory, "TMPDIR": directory]
    for name in ["PATH", "LD_LIBRARY_PATH", "LANG", "TZ", "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS"] {
      environment[name] = own[name]
    }
    return environment
  }

  private func openLog(of pod: Pod) throws(LaunchError) -> Int32 {
    let path = "\(logDirectory)/\(pod.namespace)_\(pod.name).log"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .cannotStart("the log file \(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    return descriptor
  }
}

/// A worker that is a process.
private final class ProcessWorker: RunningWorker {
  let readiness: AsyncStream<Bool>
  private let child: ChildProcess
  private let directory: PrivateDirectory

  init(child: ChildProcess, readyFile: String?, directory: PrivateDirectory, renewal: Task<Void, Never>?) {
    self.child = child
    self.directory = directory
    let (stream, ready) = AsyncStream.makeStream(of: Bool.self)
    readiness = stream
    let probe = Task { await Self.probe(readyFile) { ready.yield($0) } }
    Task {
      _ = await child.end()
      probe.cancel()
      renewal?.cancel()
      ready.finish()
      directory.remove()
    }
  }

  func terminate() { child.signal(SIGTERM) }
  func kill() { child.killGroup() }
  func end() async -> WorkerEnd { await child.end() }

  /// Stands in for the container's readiness probe: ready while the file is there; without a probe ready from the start.
  private static func probe(_ file: String?, _ report: @Sendable (Bool) -> Void) async {
    guard let file else { return report(true) }
    var isReady = false
    while !Task.isCancelled {
      let isThere = access(file, F_OK) == 0
      if isThere != isReady {
        isReady = isThere
        report(isReady)
      }
      try? await Task.sleep(for: isReady ? .milliseconds(500) : .milliseconds(20))
    }
  }
}
