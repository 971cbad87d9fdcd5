import Basics
import Foundation
import KubeTypes

/// Credentials from a program (`client.authentication.k8s.io`, KEP-541): run when needed, kept until they expire.
public actor ExecPlugin: CredentialSource {
  /// The `exec` part of a kubeconfig's user.
  struct Configuration: Decodable, Sendable {
    struct Variable: Decodable, Sendable {
      var name: String
      var value: String
    }
    var apiVersion: String?
    var command: String
    var args: [String]?
    var env: [Variable]?
    var installHint: String?
    var provideClusterInfo: Bool?
    var interactiveMode: String?
  }

  private struct Answer: Decodable {
    struct Part: Decodable {
      var token: String?
      var expirationTimestamp: Timestamp?
      var clientCertificateData: String?
    }
    var apiVersion: String?
    var kind: String?
    var status: Part?
  }

  private let configuration: Configuration
  private let folder: String
  private let server: String
  private var token: String?
  private var expiry: Timestamp?
  private var running: Task<Result<String, APITransportError>, Never>?

  private let timeout: Duration

  /// - Parameters:
  ///   - folder: what a relative path of the program starts from: the kubeconfig's.
  ///   - server: the URL that a program which asks for it is told.
  ///   - timeout: how long the program may take; it is killed then.
  init(_ configuration: Configuration, folder: String, server: String, timeout: Duration = .seconds(60)) {
    self.configuration = configuration
    self.timeout = timeout
    self.folder = folder
    self.server = server
  }

  public func authorization() async throws(APITransportError) -> String? {
    if let token, expiry.map({ $0 > Timestamp.now }) ?? true { return "Bearer \(token)" }
    return "Bearer \(try await fetch().get())"
  }

  public func renew(refused: String?) async -> Bool {
    // Of many requests that were refused with one token, the first has the program run again.
    if let token, "Bearer \(token)" == refused { self.token = nil }
    return true
  }

  /// One run at a time: all who ask meanwhile get its answer. The answer is kept where the run ends, not where its
  /// callers go on, for others may ask in between.
  private func fetch() async -> Result<String, APITransportError> {
    if let running { return await running.value }
    let task = Task {
      let result = await run().flatMap(bearer)
      running = nil
      return result
    }
    running = task
    return await task.value
  }

  /// Takes the token out of an answer, and keeps it.
  private func bearer(_ part: Answer.Part) -> Result<String, APITransportError> {
    guard let fresh = part.token, !fresh.isEmpty else {
      return .failure(
        .credentials(
          part.clientCertificateData == nil
            ? "the credential plugin \(configuration.command) gave no token"
            : "the credential plugin \(configuration.command) gave a client certificate, which this client cannot take "
              + "from a plugin; a token is needed"))
    }
    token = fresh
    expiry = part.expirationTimestamp
    return .success(fresh)
  }

  private func run() async -> Result<Answer.Part, APITransportError> {
    if configuration.interactiveMode == "Always" {
      return .failure(.credentials("\(configuration.command) wants a terminal (interactiveMode: Always)"))
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    var command = configuration.command
    // A relative path with a slash starts from the kubeconfig; a bare name is looked up in PATH.
    if command.contains("/") { command = Kubeconfig.resolve(command, folder) }
    process.arguments = [command] + (configuration.args ?? [])
    var environment = ProcessInfo.processInfo.environment
    for variable in configuration.env ?? [] { environment[variable.name] = variable.value }
    environment["KUBERNETES_EXEC_INFO"] = execInfo
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    let name = configuration.command
    let hint = configuration.installHint.map { " \($0)" } ?? ""
    let limit = Double(timeout / .milliseconds(1)) / 1000
    let data: Data? = await withCheckedContinuation { continuation in
      // Reading to the end blocks: not on one of the pool's threads.
      DispatchQueue.global().async {
        do {
          try process.run()
          let deadline = DispatchWorkItem {
            // Not SIGTERM: a child of a Dispatch thread inherits its signal mask, which blocks that.
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
          }
          DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: deadline)
          defer { deadline.cancel() }
          let data = output.fileHandleForReading.readDataToEndOfFile()
          process.waitUntilExit()
          continuation.resume(returning: process.terminationStatus == 0 ? data : nil)
        } catch { continuation.resume(returning: nil) }
      }
    }
    guard let data else {
      return .failure(
        .credentials("the credential plugin \(name) failed (its own message is on standard error).\(hint)"))
    }
    guard let answer = try? JSON.decode(Answer.self, from: data), answer.kind == "ExecCredential",
      let status = answer.status
    else { return .failure(.credentials("the credential plugin \(name) did not answer with an ExecCredential")) }
    return .success(status)
  }

  private var execInfo: String {
    var spec: [String: JSONValue] = ["interactive": false]
    if configuration.provideClusterInfo == true { spec["cluster"] = ["server": .string(server)] }
    let info = JSONValue.object([
      "apiVersion": .string(configuration.apiVersion ?? "client.authentication.k8s.io/v1"), "kind": "ExecCredential",
      "spec": .object(spec),
    ])
    return (try? JSON.encode(info)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
