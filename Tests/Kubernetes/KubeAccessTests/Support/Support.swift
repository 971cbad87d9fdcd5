import Basics
import Foundation
import KubeTypes
import Synchronization

@testable import KubeAccess

/// A folder that goes with its last reference.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/kubeclient-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders it needs.
  @discardableResult
  func write(_ name: String, _ text: String, executable: Bool = false) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: URL(filePath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
    if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file) }
    return file
  }

  func read(_ name: String) -> String? {
    (try? Data(contentsOf: URL(filePath: "\(path)/\(name)"))).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Answers requests from a list, and remembers them.
final class ScriptedTransport: APITransport {
  private let answers: Mutex<[APIResponse]>
  private let seen = Mutex<[APIRequest]>([])

  init(_ answers: [APIResponse]) { self.answers = Mutex(answers) }

  var requests: [APIRequest] { seen.withLock { $0 } }

  func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    seen.withLock { $0.append(request) }
    return answers.withLock {
      $0.isEmpty ? APIResponse(status: 404, body: Data("no such page".utf8)) : $0.removeFirst()
    }
  }

  func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    let answer = try await send(request)
    return APIStream(
      status: answer.status, retryAfter: answer.retryAfter,
      body: AsyncThrowingStream { continuation in
        for byte in answer.body { continuation.yield(Data([byte])) }
        continuation.finish()
      })
  }
}

/// Credentials that count how often they are asked for new ones.
final class CountedCredentials: CredentialSource {
  private let generation = Mutex(1)
  let limit: Int
  init(limit: Int) { self.limit = limit }

  var renewals: Int { generation.withLock { $0 - 1 } }
  func authorization() async throws(APITransportError) -> String? { "Bearer token-\(generation.withLock { $0 })" }
  func renew(refused: String?) async -> Bool {
    generation.withLock { generation in
      guard refused == "Bearer token-\(generation)" else { return true }
      guard generation < limit else { return false }
      generation += 1
      return true
    }
  }
}

/// The error that a piece of work throws; nil where it throws none.
func failure<T>(_ work: () async throws -> T) async -> (any Error)? {
  do {
    _ = try await work()
    return nil
  } catch { return error }
}

/// Waits until a condition holds.
/// - Returns: false where it did not come to hold in time.
func eventually(seconds: Double = 10, _ condition: () -> Bool) async -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while !condition() {
    if ContinuousClock.now > end { return false }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return true
}

extension CurlTransport {
  /// A transport to a loopback server, past any proxy of the environment.
  static func loopback(
    _ url: String, credentials: any CredentialSource = NoCredentials()
  ) throws -> CurlTransport {
    try CurlTransport(ServerIdentity(url: url, proxyURL: ""), credentials: credentials)
  }
}
