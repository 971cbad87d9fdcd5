import Registries

extension Registry {
  /// The data set that a reference means: `iris` is the newest version, `iris@3f2a` that which begins so.
  /// - Throws: `RegistryFailure`, `RegistryError`.
  func dataset(_ text: String) async throws -> DatasetRecord {
    let reference = try RecordReference(text)
    guard let version = reference.selector, version != "latest" else {
      return try await dataset(reference.name, version: nil)
    }
    let exact = try await Lookup.ifPresent { () async throws(RegistryError) in
      try await dataset(reference.name, version: version)
    }
    if let exact { return exact }
    // Where there is not even the name, this says so.
    let versions = try await datasetVersions(reference.name).map(\.version)
    let found = versions.filter { $0.hasPrefix(version) }
    throw RegistryFailure(
      found.count > 1
        ? "data set \(reference.name) has \(found.count) versions that begin with \"\(version)\": \(found.listed)"
        : "data set \(reference.name) has no version \"\(version)\"; its versions are "
          + versions.map { $0.shortVersion }.listed)
  }
}

extension String {
  /// The first digits of a data set's version: enough to tell versions apart, and a command takes them.
  var shortVersion: String { String(prefix(12)) }
}
