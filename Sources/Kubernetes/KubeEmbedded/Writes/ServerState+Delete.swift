import Basics
import KubeTypes

extension ServerState {
  static let foregroundFinalizer = "foregroundDeletion"

  /// Deletes an object, or marks it for deletion.
  mutating func delete(
    _ name: String, _ target: Target, _ options: DeletionOptions
  ) throws(APIFailure) -> DeletionOutcome {
    let live = try live(name, target)
    if let uid = options.uid, uid != live.uid {
      throw .conflict(
        target.subject, name,
        "the UID in the precondition (\(uid)) does not match the UID in record (\(live.uid)). "
          + "The object might have been deleted and then recreated")
    }
    if let version = options.resourceVersion, version != live.value.metaText("resourceVersion") {
      throw .conflict(
        target.subject, name,
        "the ResourceVersion in the precondition (\(version)) does not match the ResourceVersion in record "
          + "(\(live.value.metaText("resourceVersion"))). The object might have been modified")
    }
    let address = target.address(name)
    return delete(live, at: address, target.type.rules, options)
  }

  private mutating func delete(
    _ live: Stored, at address: ObjectAddress, _ rules: KindRules, _ options: DeletionOptions
  ) -> DeletionOutcome {
    var object = live.value
    if options.propagation == .orphan { orphanDependents(of: live.uid) }
    var finalizers = object.finalizers
    if options.propagation == .foreground, hasDependents(live.uid), !finalizers.contains(Self.foregroundFinalizer) {
      finalizers.append(Self.foregroundFinalizer)
      object.setFinalizers(finalizers)
    }
    if rules == .namespace { return deleteNamespace(object, live, address) }
    let grace = rules == .pod ? podGrace(object, options) : 0
    if finalizers.isEmpty, grace == 0 {
      let last = destroy(address, last: object)
      return .gone(last ?? live)
    }
    if !object.isTerminating {
      let end = self.options.now().adding(seconds: Double(grace))
      object[meta: "deletionTimestamp"] = .string(end.description)
      object[meta: "deletionGracePeriodSeconds"] = .int(grace)
      if object[meta: "generation"] != nil {
        object[meta: "generation"] = .int((object[meta: "generation"]?.intValue ?? 0) + 1)
      }
    } else if let left = object[meta: "deletionGracePeriodSeconds"]?.intValue, grace < left {
      // A second deletion may only shorten the time.
      object[meta: "deletionGracePeriodSeconds"] = .int(grace)
    }
    guard object != live.value else { return .pending(live) }
    let marked = store(object, at: address, managers: live.managers)
    if finalizers.contains(Self.foregroundFinalizer) {
      deleteDependents(of: live.uid)
      finishForegroundDeletion(address)
    }
    return stored(address).map(DeletionOutcome.pending) ?? .gone(marked)
  }

  /// Seconds a pod gets to end: none before it is bound to a node, as nothing runs then, or once it has finished.
  private func podGrace(_ pod: JSONValue, _ options: DeletionOptions) -> Int64 {
    let phase = pod["status"]?["phase"]?.stringValue
    let node = pod["spec"]?["nodeName"]?.stringValue ?? ""
    if node.isEmpty || phase == "Failed" || phase == "Succeeded" { return 0 }
    return options.gracePeriodSeconds ?? pod["spec"]?["terminationGracePeriodSeconds"]?.intValue ?? 30
  }

  /// DELETE of a collection: each object that the selectors match.
  mutating func deleteCollection(_ target: Target, _ request: ParsedRequest) throws(APIFailure) -> APIResponse {
    let selection = try selection(request.query, target.type)
    let options = try DeletionOptions(request)
    let matching = (collections[target.type.id]?.objects ?? [:]).filter { key, object in
      (target.namespace == nil || key.namespace == target.namespace) && selection.matches(object)
    }
    for (key, _) in matching.sorted(by: { $0.key < $1.key }) {
      let address = ObjectAddress(resource: target.type.id, key: key)
      guard let live = stored(address) else { continue }
      _ = delete(live, at: address, target.type.rules, options)
    }
    return APIResponse(status: 200, body: JSONWriter.data(["kind": "Status", "apiVersion": "v1", "status": "Success"]))
  }

  /// Deletes an object for the garbage collector or with its namespace.
  mutating func collect(_ address: ObjectAddress, _ propagation: DeletionOptions.Propagation = .background) {
    guard let live = stored(address) else { return }
    var options = DeletionOptions()
    options.propagation = propagation
    _ = delete(live, at: address, types[address.resource]?.rules ?? .plain, options)
  }

  /// Takes an object away, and with it what cannot be without it.
  mutating func destroy(_ address: ObjectAddress, last: JSONValue? = nil) -> Stored? {
    let isDefinition = address.resource == BuiltinKinds.customResourceDefinitionID
    if isDefinition, let definition = stored(address) { uninstall(definition.value) }
    guard let removed = remove(address, last: last) else { return nil }
    collectDependents(of: removed)
    finishNamespaceDeletion(address.key.namespace)
    return removed
  }

  /// Ends a CustomResourceDefinition: its objects go, finalizers or not, and its paths with them.
  private mutating func uninstall(_ definition: JSONValue) {
    let names = definition["spec"]
    let id = ResourceID(
      group: names?["group"]?.stringValue ?? "", plural: names?["names"]?["plural"]?.stringValue ?? "")
    for key in collections[id]?.objects.keys.sorted() ?? [] {
      _ = destroy(ObjectAddress(resource: id, key: key))
    }
    for watcher in collections[id]?.watchers.values.map({ $0 }) ?? [] { end(watcher) }
    types[id] = nil
    collections[id] = nil
  }

  // MARK: Namespaces

  private mutating func deleteNamespace(
    _ object: JSONValue, _ live: Stored, _ address: ObjectAddress
  ) -> DeletionOutcome {
    var object = object
    if !object.isTerminating {
      object[meta: "deletionTimestamp"] = .string(now)
      object[path: ["status", "phase"]] = "Terminating"
    }
    let marked = object == live.value ? live : store(object, at: address, managers: live.managers)
    let inOrder = collections.sorted { ($0.key.plural, $0.key.group) < ($1.key.plural, $1.key.group) }
    for (resource, collection) in inOrder {
      for key in collection.objects.keys.sorted() where key.namespace == address.key.name {
        collect(ObjectAddress(resource: resource, key: key))
      }
    }
    finishNamespaceDeletion(address.key.name)
    return stored(address).map(DeletionOutcome.pending) ?? .gone(marked)
  }

  /// Takes a terminating namespace away once nothing is left in it.
  mutating func finishNamespaceDeletion(_ name: String) {
    let address = ObjectAddress(resource: BuiltinKinds.namespaceID, key: ObjectKey(namespace: "", name: name))
    guard !name.isEmpty, let namespace = stored(address), namespace.value.isTerminating,
      namespace.value.finalizers.isEmpty,
      !collections.values.contains(where: { $0.objects.keys.contains { $0.namespace == name } })
    else { return }
    _ = remove(address)
  }
}
