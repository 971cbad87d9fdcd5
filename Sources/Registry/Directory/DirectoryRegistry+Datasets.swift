#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension DirectoryRegistry {
  private func directory(ofDataset name: String) throws(RegistryError) -> String {
    "\(root)/datasets/\(try RegistryName.checked(name, "data set name"))"
  }

  package func putDataset(_ name: String, from path: String) async throws(RegistryError) -> DatasetRecord {
    let directory = try directory(ofDataset: name)
    return try await blocking { () throws(RegistryError) in
      try files.makeDirectory(directory)
      return try files.staged { staged throws(RegistryError) in
        try files.makeDirectory(staged)
        let record = try copyDataset(name, from: path, to: staged)
        let home = "\(directory)/\(record.version)"
        if try !files.claimDirectory(home, with: staged) {
          try mend(home, of: record, with: staged)
        }
        try files.replace("\(directory)/current", with: Data(record.version.utf8))
        return record
      }
    }
  }

  /// The same contents are there already: they stay if they still are what they were, else the new copy takes their place.
  private func mend(_ home: String, of record: DatasetRecord, with staged: String) throws(RegistryError) {
    do {
      try verify(record, in: home)
      try files.discard(staged)
    } catch {
      guard case .damaged = error else { throw error }
      try files.discard(home)
      _ = try files.claimDirectory(home, with: staged)
    }
  }

  private func copyDataset(
    _ name: String, from path: String, to staged: String
  ) throws(RegistryError) -> DatasetRecord {
    let sources = try DatasetSource.files(at: path)
    try files.makeDirectory("\(staged)/files")
    var stored: [StoredFile] = []
    for source in sources {
      try RegistryName.checked(source.name, "data set file")
      let copy = try files.copy(source.path, to: "\(staged)/files/\(source.name)")
      stored.append(StoredFile(name: source.name, size: copy.size, sha256: copy.sha256))
    }
    let record = DatasetRecord(
      name: name, version: DatasetRecord.version(of: stored), files: stored, created: Self.wholeSecond())
    try files.write([encoded(record)], to: "\(staged)/manifest.json")
    try files.syncDirectory("\(staged)/files")
    try files.syncDirectory(staged)
    return record
  }

  package func dataset(_ name: String, version: String?) async throws(RegistryError) -> DatasetRecord {
    let directory = try directory(ofDataset: name)
    return try await blocking { () throws(RegistryError) in try find(name, version, in: directory) }
  }

  private func find(_ name: String, _ version: String?, in directory: String) throws(RegistryError) -> DatasetRecord {
    let wanted: String
    if let version {
      wanted = try RegistryName.checked(version, "data set version")
    } else if let current = try FileDigest.contents("\(directory)/current") {
      wanted = try RegistryName.checked(String(decoding: current, as: UTF8.self), "data set version")
    } else {
      throw .notFound(kind: "data set", name: name, known: try currentNames())
    }
    let what = "data set \(name)"
    guard let record = try record(DatasetRecord.self, at: "\(directory)/\(wanted)/manifest.json", of: what) else {
      if version == nil { throw .damaged(what: what, detail: "its newest version is missing") }
      throw .notFound(kind: "data set", name: "\(name) version \(wanted)", known: [])
    }
    // The version is the hash of the list of files: it vouches for the record, as the record does for the files.
    guard record.version == wanted, DatasetRecord.version(of: record.files) == wanted else {
      throw .damaged(what: what, detail: "its record is not that of version \(wanted)")
    }
    return record
  }

  private func currentNames() throws(RegistryError) -> [String] {
    try files.names(in: "\(root)/datasets").filter { Posix.exists("\(root)/datasets/\($0)/current") }
  }

  private func verify(_ record: DatasetRecord, in home: String) throws(RegistryError) {
    for file in record.files {
      try FileDigest.verify(file, at: "\(home)/files/\(file.name)", of: "data set \(record.name)")
    }
    _ = try find(record.name, record.version, in: DurableFiles.parent(of: home))
  }

  package func openDataset(_ name: String, version: String?) async throws(RegistryError) -> LocalDataset {
    let directory = try directory(ofDataset: name)
    return try await blocking { () throws(RegistryError) in
      let record = try find(name, version, in: directory)
      let home = "\(directory)/\(record.version)"
      try verify(record, in: home)
      let path = record.files.count == 1 ? "\(home)/files/\(record.files[0].name)" : "\(home)/files"
      return LocalDataset(record: record, path: path)
    }
  }

  package func listDatasets() async throws(RegistryError) -> [DatasetRecord] {
    try await blocking { () throws(RegistryError) in
      var records: [DatasetRecord] = []
      for name in try currentNames() { records.append(try find(name, nil, in: directory(ofDataset: name))) }
      return records
    }
  }

  package func deleteDataset(_ name: String) async throws(RegistryError) {
    let directory = try directory(ofDataset: name)
    try await blocking { () throws(RegistryError) in try files.discard(directory) }
  }

  /// Now, in whole seconds: what ISO 8601 without a fraction gives back as it was.
  static func wholeSecond() -> Date { Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down)) }
}
