#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension DirectoryRegistry {
  private func directory(ofDataset name: String) throws(RegistryError) -> String {
    "\(root)/datasets/\(try RegistryName.checked(name, "data set name"))"
  }

  package func putDataset(
    _ name: String, from path: String, summary: DatasetSummary?, progress: TransferProgress?
  ) async throws(RegistryError) -> DatasetRecord {
    let directory = try directory(ofDataset: name)
    return try await cancellable { cancellation throws(RegistryError) in
      try files.makeDirectory(directory)
      return try files.staged { staged throws(RegistryError) in
        try files.makeDirectory(staged)
        var record = try copyDataset(name, from: path, to: staged, summary, progress, cancellation)
        let home = "\(directory)/\(record.version)"
        if try !files.claimDirectory(home, with: staged) {
          record = try mend(home, of: record, with: staged)
        }
        try files.replace("\(directory)/current", with: Data(record.version.utf8))
        return record
      }
    }
  }

  /// The same contents are there already: they stay if they still are what they were, else the new copy takes their place.
  /// - Returns: the record that stays.
  private func mend(
    _ home: String, of record: DatasetRecord, with staged: String
  ) throws(RegistryError) -> DatasetRecord {
    do {
      try verify(record, in: home)
      var kept = try find(record.name, record.version, in: DurableFiles.parent(of: home))
      if let summary = record.summary, summary != kept.summary {
        kept.summary = summary
        try files.replace("\(home)/manifest.json", with: encoded(kept))
      }
      try files.discard(staged)
      return kept
    } catch {
      guard case .damaged = error else { throw error }
      try files.discard(home)
      _ = try files.claimDirectory(home, with: staged)
      return record
    }
  }

  private func copyDataset(
    _ name: String, from path: String, to staged: String, _ summary: DatasetSummary?, _ progress: TransferProgress?,
    _ cancellation: Cancellation
  ) throws(RegistryError) -> DatasetRecord {
    let sources = try DatasetSource.files(at: path)
    var transfer = Transfer(file: "", done: 0, total: progress == nil ? 0 : DatasetSource.size(of: sources))
    try files.makeDirectory("\(staged)/files")
    var stored: [StoredFile] = []
    for source in sources {
      try RegistryName.checked(source.name, "data set file")
      transfer.file = source.name
      let copy = try files.copy(source.path, to: "\(staged)/files/\(source.name)") { count throws(RegistryError) in
        try cancellation.check()
        transfer.done += count
        progress?(transfer)
      }
      stored.append(StoredFile(name: source.name, size: copy.size, sha256: copy.sha256))
    }
    let record = DatasetRecord(
      name: name, version: DatasetRecord.version(of: stored), files: stored, created: Self.wholeSecond(),
      summary: summary)
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
      wanted = try whole(RegistryName.checked(version, "data set version"), in: directory)
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

  /// The version that begins with these digits, where one does and no other.
  private func whole(_ version: String, in directory: String) throws(RegistryError) -> String {
    if Posix.exists("\(directory)/\(version)") { return version }
    let found = try versions(in: directory).filter { $0.hasPrefix(version) }
    return found.count == 1 ? found[0] : version
  }

  private func versions(in directory: String) throws(RegistryError) -> [String] {
    try files.names(in: directory).filter { $0 != "current" }
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

  package func openDataset(
    _ name: String, version: String?, progress: TransferProgress?
  ) async throws(RegistryError) -> LocalDataset {
    let directory = try directory(ofDataset: name)
    return try await blocking { () throws(RegistryError) in
      let record = try find(name, version, in: directory)
      let home = "\(directory)/\(record.version)"
      try verify(record, in: home)
      progress?(Transfer(file: record.files.last?.name ?? "", done: record.size, total: record.size))
      let path = record.files.count == 1 ? "\(home)/files/\(record.files[0].name)" : "\(home)/files"
      return LocalDataset(record: record, path: path)
    }
  }

  package func readDataset(
    _ name: String, version: String?, file: String?, range: Range<Int>
  ) async throws(RegistryError) -> [UInt8] {
    let directory = try directory(ofDataset: name)
    return try await blocking { () throws(RegistryError) in
      let record = try find(name, version, in: directory)
      let stored = try record.file(file)
      let path = "\(directory)/\(record.version)/files/\(stored.name)"
      // There is one hash for the file, so all of it has to be read.
      try FileDigest.verify(stored, at: path, of: "data set \(name)")
      return try FileDigest.bytes(range.clamped(to: 0..<stored.size), of: path)
    }
  }

  package func exportDataset(
    _ name: String, version: String?, to directory: String, progress: TransferProgress?
  ) async throws(RegistryError) -> DatasetRecord {
    let datasets = try self.directory(ofDataset: name)
    return try await cancellable { cancellation throws(RegistryError) in
      let record = try find(name, version, in: datasets)
      let target = try ExportDirectory(directory)
      var transfer = Transfer(file: "", done: 0, total: record.size)
      for file in record.files {
        transfer.file = file.name
        let start = transfer.done
        if try !target.has(file) {
          try export(file, of: record, from: "\(datasets)/\(record.version)/files/\(file.name)", to: target) {
            count throws(RegistryError) in
            try cancellation.check()
            transfer.done += count
            progress?(transfer)
          }
        }
        transfer.done = start + file.size
        progress?(transfer)
      }
      return record
    }
  }

  private func export(
    _ file: StoredFile, of record: DatasetRecord, from path: String, to target: ExportDirectory,
    _ progress: (Int) throws(RegistryError) -> Void
  ) throws(RegistryError) {
    let what = "data set \(record.name)"
    guard Posix.exists(path) else { throw .damaged(what: what, detail: "\(file.name) is missing") }
    let part = try target.part(of: file)
    try part.resize(to: 0)
    var size = 0
    do {
      let found = try FileDigest.read(path) { bytes throws(RegistryError) in
        try part.write(bytes, at: size)
        size += bytes.count
        try progress(bytes.count)
      }
      try FileDigest.check(found, against: file, of: what)
    } catch {
      part.remove()
      throw error
    }
    try part.publish(as: target.path(of: file))
  }

  package func listDatasets(_ query: DatasetQuery) async throws(RegistryError) -> Page<DatasetRecord> {
    try await blocking { () throws(RegistryError) in
      var records: [DatasetRecord] = []
      for name in try currentNames() { records.append(try find(name, nil, in: directory(ofDataset: name))) }
      return query.page(of: records)
    }
  }

  package func datasetVersions(_ name: String) async throws(RegistryError) -> [DatasetRecord] {
    let directory = try directory(ofDataset: name)
    return try await blocking { () throws(RegistryError) in
      let newest = try find(name, nil, in: directory)
      var others: [DatasetRecord] = []
      for version in try versions(in: directory) where version != newest.version {
        others.append(try find(name, version, in: directory))
      }
      others.sort { ($1.created, $0.version) < ($0.created, $1.version) }
      return [newest] + others
    }
  }

  package func deleteDataset(_ name: String, version: String?) async throws(RegistryError) {
    let directory = try directory(ofDataset: name)
    guard let version else {
      return try await blocking { () throws(RegistryError) in try files.discard(directory) }
    }
    let known: [DatasetRecord]
    do { known = try await datasetVersions(name) } catch {
      if case .notFound = error { return }
      throw error
    }
    try await blocking { () throws(RegistryError) in
      let wanted = try whole(RegistryName.checked(version, "data set version"), in: directory)
      let rest = known.filter { $0.version != wanted }
      guard rest.count < known.count else { return }
      guard let newest = rest.first else { return try files.discard(directory) }
      try files.replace("\(directory)/current", with: Data(newest.version.utf8))
      try files.discard("\(directory)/\(wanted)")
    }
  }

  /// Now, in whole seconds: what ISO 8601 without a fraction gives back as it was.
  static func wholeSecond() -> Date { Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down)) }
}
