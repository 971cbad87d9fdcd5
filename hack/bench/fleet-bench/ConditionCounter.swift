import Basics
import KubeAccess
import KubeRuntime
import KubeTypes
import Synchronization

/// An object of which only its conditions are read: a TrainingJob or a batch Job.
struct Conditional: KubeObject {
  static let definition = ResourceDefinition(group: "", version: "v1", plural: "", kind: "")
  struct StatusPart: Sendable, Codable {
    struct Part: Sendable, Codable {
      var type: String
      var status: ConditionStatus
    }
    var conditions: [Part]?
  }
  var apiVersion: String?
  var kind: String?
  var metadata: ObjectMeta
  var status: StatusPart?

  func has(_ type: String) -> Bool {
    status?.conditions?.contains { $0.type == type && $0.status == .true } ?? false
  }
}

/// Counts the objects of a collection that have a condition, and remembers when each was first seen with it.
final class ConditionCounter: Sendable {
  private let informer: Informer<Conditional>
  private let seen = Mutex<[String: ContinuousClock.Instant]>([:])

  init(_ client: KubeClient, _ definition: ResourceDefinition, namespace: String, condition: String) {
    informer = Informer(Resource(client: client, definition: definition, namespace: namespace))
    informer.onChange { [weak self] change in
      guard case .applied(_, let object) = change, object.has(condition) else { return }
      self?.seen.withLock { if $0[object.name] == nil { $0[object.name] = .now } }
    }
  }

  func run() async { await informer.run() }
  func waitUntilSynced() async throws { try await informer.waitUntilSynced() }
  var times: [String: ContinuousClock.Instant] { seen.withLock { $0 } }

  /// Returns once `count` objects have the condition.
  func wait(for count: Int, timeout: Duration) async throws {
    let deadline = ContinuousClock.now + timeout
    while seen.withLock({ $0.count }) < count {
      guard ContinuousClock.now < deadline else {
        throw BenchError("only \(seen.withLock { $0.count }) of \(count) were done after \(timeout)")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}

struct BenchError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
