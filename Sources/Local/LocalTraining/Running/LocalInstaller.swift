import Basics
import FleetAPI
import KubeAccess
import KubeTypes

/// Creates the objects of a run, and what they need and nobody brought along.
struct LocalInstaller: Sendable {
  static let defaultWorkers = 2

  let client: KubeClient
  /// Replaces the pools' replicas.
  let workers: Int?

  /// The pools and namespaces that are missing among `objects`, and what to tell about them.
  struct Additions: Sendable {
    var namespaces: [String] = []
    var pools: [ObjectKey] = []
    var notes: [String] = []
  }

  static func additions(for objects: [ManifestObject], workers: Int?) -> Additions {
    var additions = Additions()
    var namespaces: Set = ["default"]
    var pools: Set<ObjectKey> = []
    for object in objects {
      if object.definition == Namespace.definition { namespaces.insert(object.name) }
      if object.definition == WorkerPool.definition {
        pools.insert(ObjectKey(namespace: object.namespace, name: object.name))
      }
    }
    for object in objects where object.definition.namespaced && namespaces.insert(object.namespace).inserted {
      additions.namespaces.append(object.namespace)
    }
    for object in objects where object.definition == TrainingJob.definition {
      guard let name = object.content[path: ["spec", "workerPoolName"]]?.stringValue, !name.isEmpty else { continue }
      guard pools.insert(ObjectKey(namespace: object.namespace, name: name)).inserted else { continue }
      additions.pools.append(ObjectKey(namespace: object.namespace, name: name))
      let count = workers ?? defaultWorkers
      additions.notes.append(
        "note: no file has the WorkerPool \"\(name)\" of \(object.title): made one of \(count) "
          + (count == 1 ? "worker" : "workers"))
    }
    return additions
  }

  /// Creates all; namespaces first, then pools, then the rest as given.
  /// - Throws: ``ManifestErrors`` with what the API does not accept, by file, line and field.
  func install(_ objects: [ManifestObject], _ additions: Additions) async throws(ManifestErrors) {
    var errors: [ManifestError] = []
    func attempt(_ object: ManifestObject) async {
      do throws(KubeError) { try await create(object) } catch { errors += Self.errors(error, object) }
    }
    for object in objects where object.definition == Namespace.definition { await attempt(object) }
    for name in additions.namespaces { _ = try? await client.resource(Namespace.self).create(Namespace(name: name)) }
    for key in additions.pools {
      let metadata = ObjectMeta(name: key.name, namespace: key.namespace)
      let pool = WorkerPool(metadata: metadata, spec: WorkerPoolSpec(replicas: workers ?? Self.defaultWorkers))
      do throws(KubeError) {
        _ = try await client.resource(WorkerPool.self, namespace: key.namespace).create(pool)
      } catch {
        errors.append(ManifestError(file: "WorkerPool \(key.name)", message: error.description))
      }
    }
    for object in objects where object.definition == WorkerPool.definition { await attempt(object) }
    for object in objects where object.definition != Namespace.definition && object.definition != WorkerPool.definition
    {
      await attempt(object)
    }
    guard errors.isEmpty else { throw ManifestErrors(errors) }
  }

  private func create(_ object: ManifestObject) async throws(KubeError) {
    var content = object.content
    if object.definition == WorkerPool.definition, let workers {
      content[path: ["spec", "replicas"]] = .int(Int64(workers))
    }
    if object.definition.plural == "secrets" { content = Self.withoutPlainData(content) }
    _ = try await client.dynamic(
      object.definition, namespace: object.definition.namespaced ? object.namespace : nil
    ).create(DynamicObject(content))
  }

  /// A secret with its `stringData` in `data`, as a real API server stores it.
  static func withoutPlainData(_ secret: JSONValue) -> JSONValue {
    guard let plain = secret["stringData"]?.objectValue else { return secret }
    var secret = secret
    var data = secret["data"]?.objectValue ?? [:]
    for (key, value) in plain { data[key] = .string(Base64.encode(value.stringValue ?? "")) }
    secret["data"] = .object(data)
    secret["stringData"] = nil
    return secret
  }

  /// What the API server said, cause by cause.
  static func errors(_ error: KubeError, _ object: ManifestObject) -> [ManifestError] {
    let causes = error.details?.causes ?? []
    guard !causes.isEmpty else {
      let status = if case .api(let status, _, _) = error { status.message } else { nil as String? }
      return [object.error(at: "", "\(object.title): \(status ?? error.description)")]
    }
    return causes.map { cause in
      let field = cause.field ?? ""
      let message = cause.message ?? cause.reason ?? "it is not accepted"
      return object.error(at: field, field.isEmpty ? message : "\(field): \(message)")
    }
  }
}
