import Basics
import KubeTypes

/// Owner-reference garbage collection (kubernetes.io, "Garbage Collection"), by UID, at once instead of in a controller.
extension ServerState {
  func hasDependents(_ uid: String) -> Bool { dependents[uid]?.isEmpty == false }

  private func sortedDependents(of uid: String) -> [ObjectAddress] {
    (dependents[uid] ?? []).sorted { ($0.resource.plural, $0.key) < ($1.resource.plural, $1.key) }
  }

  /// After an object is gone: dependents without another living owner follow it, others lose the reference, and owners
  /// that waited for this object to go are looked at again.
  mutating func collectDependents(of removed: Stored) {
    guard options.collectsGarbage else { return }
    for address in sortedDependents(of: removed.uid) { settle(address) }
    for owner in removed.value.ownerUIDs {
      if let address = uids[owner] { finishForegroundDeletion(address) }
    }
  }

  /// Collects a new object whose owners do not exist.
  mutating func collectIfOwnerless(_ address: ObjectAddress) {
    guard options.collectsGarbage, let object = stored(address), !object.value.ownerUIDs.isEmpty else { return }
    if object.value.ownerUIDs.contains(where: { uids[$0] == nil }) { settle(address) }
  }

  private mutating func settle(_ address: ObjectAddress) {
    guard let object = stored(address) else { return }
    let living = object.value.ownerUIDs.filter { uids[$0] != nil }
    if living.isEmpty {
      let waits = object.value.finalizers.contains(Self.foregroundFinalizer)
      if !object.value.isTerminating || waits { collect(address) }
    } else {
      dropOwners(of: address, Set(object.value.ownerUIDs).subtracting(living))
    }
  }

  /// Removes the references to some owners.
  private mutating func dropOwners(of address: ObjectAddress, _ owners: Set<String>) {
    guard let object = stored(address) else { return }
    let references = object.value[meta: "ownerReferences"]?.arrayValue ?? []
    let kept = references.filter { !owners.contains($0["uid"]?.stringValue ?? "") }
    guard kept.count < references.count else { return }
    var changed = object.value
    changed[meta: "ownerReferences"] = kept.isEmpty ? nil : .array(kept)
    store(changed, at: address, managers: object.managers)
  }

  mutating func orphanDependents(of uid: String) {
    for address in sortedDependents(of: uid) { dropOwners(of: address, [uid]) }
  }

  /// Deletes the dependents of an object that is being deleted in the foreground, as far as nobody else owns them.
  mutating func deleteDependents(of uid: String) {
    guard options.collectsGarbage else { return }
    for address in sortedDependents(of: uid) {
      guard let object = stored(address) else { continue }
      if object.value.ownerUIDs.contains(where: { $0 != uid && uids[$0] != nil }) {
        dropOwners(of: address, [uid])
      } else {
        collect(address, .foreground)
      }
    }
  }

  /// Lets an object go that is deleted in the foreground and has no blocking dependents left.
  mutating func finishForegroundDeletion(_ address: ObjectAddress) {
    guard let object = stored(address), object.value.isTerminating,
      object.value.finalizers.contains(Self.foregroundFinalizer)
    else { return }
    let blocked = (dependents[object.uid] ?? []).contains { dependent in
      stored(dependent)?.value[meta: "ownerReferences"]?.arrayValue?.contains {
        $0["uid"]?.stringValue == object.uid && $0["blockOwnerDeletion"]?.boolValue == true
      } ?? false
    }
    guard !blocked else { return }
    var released = object.value
    released.setFinalizers(released.finalizers.filter { $0 != Self.foregroundFinalizer })
    if released.finalizers.isEmpty, (released[meta: "deletionGracePeriodSeconds"]?.intValue ?? 0) == 0 {
      _ = destroy(address, last: released)
    } else {
      store(released, at: address, managers: object.managers)
    }
  }
}
