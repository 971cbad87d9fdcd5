import Basics
import KubeTypes

extension ServerState {
  /// Creates an object.
  mutating func create(
    _ proposed: JSONValue, _ target: Target, managers: FieldManagers? = nil
  ) throws(APIFailure) -> Stored {
    var object = proposed
    try checkType(&object, target)
    if target.type.namespaced { try placeInNamespace(&object, target) } else { object[meta: "namespace"] = nil }
    guard object.metaText("resourceVersion").isEmpty else {
      throw APIFailure(500, nil, "resourceVersion should not be set on objects to be created")
    }
    giveName(&object)
    let name = object.objectName
    guard !name.isEmpty else {
      throw .invalid(
        target.subject, name, [.required("metadata.name", "name or generateName is required")])
    }
    let address = target.address(name)
    object[meta: "uid"] = .string(random.uuid())
    object[meta: "creationTimestamp"] = .string(now)
    for key in ["deletionTimestamp", "deletionGracePeriodSeconds", "managedFields", "selfLink", "generation"] {
      object[meta: key] = nil
    }
    if target.type.tracksGeneration { object[meta: "generation"] = 1 }
    if target.version.hasStatus, target.type.rules != .node { object["status"] = nil }
    let custom = try applyRules(&object, replacing: nil, target)
    guard stored(address) == nil else { throw .alreadyExists(target.subject, name) }
    let created = store(object, at: address, managers: managers)
    if let custom { serve(custom) }
    collectIfOwnerless(address)
    return created
  }

  /// Holds `apiVersion` and `kind` to the path; built-in kinds may leave them out, as their decoder knows the type.
  func checkType(_ object: inout JSONValue, _ target: Target) throws(APIFailure) {
    let kind = object["kind"]?.stringValue ?? ""
    let apiVersion = object["apiVersion"]?.stringValue ?? ""
    if target.type.rules == .custom || !kind.isEmpty {
      guard !kind.isEmpty else { throw .badRequest("Object 'Kind' is missing in '\(JSONWriter.text(object))'") }
      guard kind == target.type.kind || target.type.rules != .custom else {
        throw .invalid(
          target.subject, object.objectName, [.invalid("kind", .string(kind), "must be \(target.type.kind)")])
      }
      guard kind == target.type.kind else {
        throw .badRequest(
          "the kind in the data (\(kind)) does not match the expected kind (\(target.type.kind))")
      }
    }
    if target.type.rules == .custom || !apiVersion.isEmpty {
      guard apiVersion == target.apiVersion else {
        throw .badRequest(
          "the API version in the data (\(apiVersion)) does not match the expected API version (\(target.apiVersion))")
      }
    }
    switch object["metadata"] {
    case .object: break
    case nil, .null: object["metadata"] = [:]
    default: throw .badRequest("metadata must be an object")
    }
    object["kind"] = .string(target.type.kind)
    object["apiVersion"] = .string(target.apiVersion)
  }

  private func placeInNamespace(_ object: inout JSONValue, _ target: Target) throws(APIFailure) {
    let namespace = target.namespace ?? ""
    let given = object.objectNamespace
    guard given.isEmpty || given == namespace else {
      throw .badRequest(
        "the namespace of the provided object does not match the namespace sent on the request")
    }
    object[meta: "namespace"] = .string(namespace)
    let address = ObjectAddress(resource: BuiltinKinds.namespaceID, key: ObjectKey(namespace: "", name: namespace))
    let subject = APIFailure.Subject(group: "", plural: "namespaces", kind: "Namespace")
    guard let home = stored(address) else { throw .notFound(subject, namespace) }
    if home.value.isTerminating {
      throw .forbidden(
        target.subject, object.objectName,
        "unable to create new content in namespace \(namespace) because it is being terminated",
        causes: [
          StatusCause(
            reason: "NamespaceTerminating", message: "namespace \(namespace) is being terminated",
            field: "metadata.namespace")
        ])
    }
  }

  /// Makes a name from `generateName`: at most 58 characters of it and five random ones.
  private mutating func giveName(_ object: inout JSONValue) {
    let base = object.metaText("generateName")
    guard object.objectName.isEmpty, !base.isEmpty else { return }
    object[meta: "name"] = .string(base.prefix(58) + random.nameSuffix())
  }

  /// Serves a defined resource from now on. A new one has no history before this version.
  mutating func serve(_ type: ResourceType) {
    types[type.id] = type
    if collections[type.id] == nil {
      collections[type.id] = Collection()
      collections[type.id]?.history.expire(upTo: version)
    }
  }

  /// A namespace that is there from the start.
  mutating func bootstrapNamespace(_ name: String) {
    guard let type = types[BuiltinKinds.namespaceID], let version = type.versions.first else { return }
    let target = Target(type: type, version: version, subresource: .main, manager: "kube-apiserver")
    _ = try? create(["metadata": ["name": .string(name)]], target)
  }
}
