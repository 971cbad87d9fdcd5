import Basics
import Foundation
import KubeAccess
import KubeTypes
import Logging

/// How a worker reaches the API server.
package struct ClusterAccess: Sendable {
  /// `https://host:port`.
  package var server: String
  /// The certificate authority's certificates, as PEM; nil where the machine's own authorities do.
  package var certificateAuthority: Data?
  /// True where the server's certificate is not looked at.
  package var skipsVerification: Bool

  package init(server: String, certificateAuthority: Data? = nil, skipsVerification: Bool = false) {
    self.server = server
    self.certificateAuthority = certificateAuthority
    self.skipsVerification = skipsVerification
  }
}

/// A token of a service account.
package struct PodToken: Sendable {
  package var text: String
  package var expires: Timestamp
  package var issued: Timestamp

  /// When to fetch the next one: at 80 % of its life, as the kubelet does (KEP-1205, bound service account tokens).
  package var renewalTime: Timestamp { issued.adding(seconds: expires.seconds(since: issued) * 0.8) }
}

/// Gets tokens of the pods' own service accounts, bound to the pods (TokenRequest).
package struct PodCredentials: Sendable {
  package let cluster: ClusterAccess
  private let client: KubeClient
  private let lifetime: Int64
  private let log: Logger

  /// - Parameter lifetime: seconds that tokens are asked for; the API server gives no less than 600.
  package init(
    cluster: ClusterAccess, client: KubeClient, lifetime: Int64 = 3600, log: Logger = Logger(label: "pod-runner")
  ) {
    self.cluster = cluster
    self.client = client
    self.lifetime = lifetime
    self.log = log
  }

  private struct Answer: Decodable, Sendable {
    struct Status: Decodable, Sendable {
      var token: String
      var expirationTimestamp: Timestamp?
    }
    var status: Status
  }

  /// A new token for a pod.
  /// - Throws: ``LaunchError/notYet(reason:message:)``.
  func issue(for pod: Pod) async throws(LaunchError) -> PodToken {
    let account = pod.spec?.serviceAccountName ?? "default"
    let request: JSONValue = [
      "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
      "spec": [
        "expirationSeconds": .int(lifetime),
        "boundObjectRef": [
          "kind": "Pod", "apiVersion": "v1", "name": .string(pod.name), "uid": .string(pod.uid),
        ],
      ],
    ]
    let issued = Timestamp.now
    do {
      let answer = try await client.resource(ServiceAccount.self, namespace: pod.namespace)
        .createSubresource(account, "token", request, as: Answer.self)
      let expires = answer.status.expirationTimestamp ?? issued.adding(seconds: Double(lifetime))
      return PodToken(text: answer.status.token, expires: expires, issued: issued)
    } catch {
      throw .notYet(
        reason: "CreateContainerConfigError",
        message: "no token for service account \(pod.namespace)/\(account): \(error)")
    }
  }

  /// Writes a new token before the old one expires, until cancelled.
  func renew(_ first: PodToken, for pod: Pod, _ files: CredentialFiles) async {
    var token = first
    while !Task.isCancelled {
      let wait = max(1, token.renewalTime.seconds(since: .now))
      guard (try? await Task.sleep(for: .seconds(wait))) != nil else { return }
      do throws(LaunchError) {
        token = try await issue(for: pod)
        try files.write(token)
      } catch {
        log.warning("a worker's token was not renewed", metadata: ["pod": "\(pod.key)", "why": "\(error)"])
        try? await Task.sleep(for: .seconds(5))
      }
    }
  }
}

/// The kubeconfig and the token of one worker, readable by this user alone.
struct CredentialFiles: Sendable {
  let kubeconfig: String
  let tokenFile: String

  init(directory: String) {
    kubeconfig = "\(directory)/kubeconfig"
    tokenFile = "\(directory)/token"
  }

  /// Writes a kubeconfig that reads the token from its file, so that a renewed one is taken up. JSON, which YAML includes.
  func write(kubeconfigFor access: ClusterAccess, namespace: String) throws(LaunchError) {
    var cluster: [String: JSONValue] = ["server": .string(access.server)]
    if let authority = access.certificateAuthority {
      cluster["certificate-authority-data"] = .string(authority.base64EncodedString())
    }
    if access.skipsVerification { cluster["insecure-skip-tls-verify"] = true }
    let config: JSONValue = [
      "apiVersion": "v1", "kind": "Config", "current-context": "pod",
      "clusters": [["name": "cluster", "cluster": .object(cluster)]],
      "users": [["name": "worker", "user": ["tokenFile": .string(tokenFile)]]],
      "contexts": [
        ["name": "pod", "context": ["cluster": "cluster", "user": "worker", "namespace": .string(namespace)]]
      ],
    ]
    do { try replace(kubeconfig, with: JSON.encode(config)) } catch {
      throw .cannotStart("the worker's kubeconfig cannot be written: \(error)")
    }
  }

  /// Puts a token in place of the one before, in one step: a reader sees either.
  func write(_ token: PodToken) throws(LaunchError) {
    do { try replace(tokenFile, with: Data(token.text.utf8)) } catch {
      throw .cannotStart("the worker's token cannot be written: \(error)")
    }
  }

  private func replace(_ path: String, with content: Data) throws {
    let next = path + ".next"
    let descriptor = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: content)
    try handle.close()
    guard rename(next, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
