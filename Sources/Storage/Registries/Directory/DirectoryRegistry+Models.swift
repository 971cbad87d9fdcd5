import Basics

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What stands in a model's `model.json`; its version is the name of its directory, which only its publication decides.
private struct ModelManifest: Codable {
  var info: ModelInfo
  var created: Date
  var files: [StoredFile]
  /// The SHA-256 of this record without this member: it vouches for the record, as the record does for the files.
  var checksum: String?
}

extension DirectoryRegistry {
  private func directory(ofModel name: String) throws(RegistryError) -> String {
    "\(root)/models/\(try RegistryName.checked(name, "model name"))"
  }

  /// A version that was deleted keeps its directory, with this file alone: its number is not given again.
  private static let tombstone = "deleted"

  package func registerModel(_ draft: ModelDraft) async throws(RegistryError) -> ModelRecord {
    let directory = try directory(ofModel: draft.info.name)
    try RegistryName.checked(draft.info.run, "run")
    guard !draft.files.isEmpty else { throw .invalidContents(detail: "a model without files cannot be registered") }
    for file in draft.files { try RegistryName.checked(file.name, "model file") }
    return try await blocking { () throws(RegistryError) in
      try files.makeDirectory(directory)
      // The lock is for the run's sake alone, whose check and claim are two steps; versions would be safe without it.
      return try FileLock.holding("\(directory)/.lock") { () throws(RegistryError) in
        if let known = try find(draft.info, in: directory) { return known }
        return try files.staged { staged throws(RegistryError) in
          let manifest = try stage(draft, in: staged)
          var number = (try numbers(in: directory).last ?? 0) + 1
          while try !files.claimDirectory("\(directory)/v\(number)", with: staged) { number += 1 }
          return try record(manifest, version: "v\(number)", in: directory)
        }
      }
    }
  }

  private func stage(_ draft: ModelDraft, in staged: String) throws(RegistryError) -> ModelManifest {
    try files.makeDirectory("\(staged)/files")
    var stored: [StoredFile] = []
    for file in draft.files {
      try files.write([file.data], to: "\(staged)/files/\(file.name)")
      stored.append(StoredFile(name: file.name, size: file.data.count, sha256: SHA256.hex(of: file.data)))
    }
    var manifest = ModelManifest(info: draft.info, created: Self.wholeSecond(), files: stored)
    manifest.checksum = SHA256.hex(of: try encoded(manifest))
    try files.write([encoded(manifest)], to: "\(staged)/model.json")
    try files.syncDirectory("\(staged)/files")
    try files.syncDirectory(staged)
    return manifest
  }

  private func record(
    _ manifest: ModelManifest, version: String, in directory: String
  ) throws(RegistryError) -> ModelRecord {
    let file = "\(directory)/\(version)/files/\(manifest.files.first?.name ?? "")"
    return ModelRecord(
      info: manifest.info, version: version, created: manifest.created, files: manifest.files,
      tags: try tags(in: "\(directory)/\(version)"), id: "\(manifest.info.name)/\(version)",
      uri: URL(filePath: file).absoluteString)
  }

  /// The record of one version; nil where there is none, or it was deleted.
  private func read(_ name: String, _ version: String, in directory: String) throws(RegistryError) -> ModelRecord? {
    let home = "\(directory)/\(version)"
    if Posix.exists("\(home)/\(Self.tombstone)") { return nil }
    let what = "model \(name) \(version)"
    guard let manifest = try record(ModelManifest.self, at: "\(home)/model.json", of: what) else { return nil }
    var bare = manifest
    bare.checksum = nil
    guard SHA256.hex(of: try encoded(bare)) == manifest.checksum else {
      throw .damaged(what: what, detail: "its record has another checksum than when it was written")
    }
    return try record(manifest, version: version, in: directory)
  }

  /// The model that this very training has registered.
  private func find(_ info: ModelInfo, in directory: String) throws(RegistryError) -> ModelRecord? {
    try find(info.name, run: info.run, fingerprint: info.fingerprint, in: directory)
  }

  private func find(
    _ name: String, run: String, fingerprint: String, in directory: String
  ) throws(RegistryError) -> ModelRecord? {
    for number in try numbers(in: directory).reversed() {
      guard let model = try read(name, "v\(number)", in: directory) else { continue }
      if model.info.run == run, model.info.fingerprint == fingerprint { return model }
    }
    return nil
  }

  package func model(_ name: String, version: String?) async throws(RegistryError) -> ModelRecord {
    let directory = try directory(ofModel: name)
    if let version { try RegistryName.checked(version, "model version") }
    return try await blocking { () throws(RegistryError) in
      let versions = try numbers(in: directory).map { "v\($0)" }
      for candidate in version.map({ [$0] }) ?? versions.reversed() {
        if let model = try read(name, candidate, in: directory) { return model }
      }
      var known = versions
      if version == nil {
        known = []
        for other in try names() where try !liveVersions(in: "\(root)/models/\(other)").isEmpty { known.append(other) }
      }
      throw .notFound(kind: "model", name: version.map { "\(name) \($0)" } ?? name, known: known)
    }
  }

  package func model(
    _ name: String, run: String, fingerprint: String
  ) async throws(RegistryError) -> ModelRecord? {
    let directory = try directory(ofModel: name)
    return try await blocking { () throws(RegistryError) in
      try find(name, run: run, fingerprint: fingerprint, in: directory)
    }
  }

  package func modelFile(_ name: String, version: String, file: String) async throws(RegistryError) -> [UInt8] {
    let directory = try directory(ofModel: name)
    let model = try await model(name, version: version)
    guard let stored = model.files.first(where: { $0.name == file }) else {
      throw .notFound(kind: "model file", name: "\(name) \(version) \(file)", known: model.files.map(\.name))
    }
    return try await blocking { () throws(RegistryError) in
      let path = "\(directory)/\(version)/files/\(file)"
      let what = "model \(name) \(version)"
      guard let bytes = try FileDigest.contents(path) else {
        throw .damaged(what: what, detail: "\(file) is missing")
      }
      guard bytes.count == stored.size, SHA256.hex(of: bytes) == stored.sha256 else {
        throw .damaged(what: what, detail: "\(file) has another checksum than when it was written")
      }
      return Array(bytes)
    }
  }

  package func listModels(_ query: ModelQuery) async throws(RegistryError) -> Page<ModelRecord> {
    try await blocking { () throws(RegistryError) in
      var models: [ModelRecord] = []
      for name in try names() {
        let directory = try directory(ofModel: name)
        for number in try numbers(in: directory).reversed() {
          if let model = try read(name, "v\(number)", in: directory) { models.append(model) }
        }
      }
      return query.page(of: models)
    }
  }

  package func tagModel(
    _ name: String, version: String, adding: [String], removing: [String]
  ) async throws(RegistryError) -> ModelRecord {
    let directory = try directory(ofModel: name)
    let home = "\(directory)/\(try RegistryName.checked(version, "model version"))"
    for tag in adding { try RegistryName.checked(tag, "tag") }
    _ = try await model(name, version: version)
    try await blocking { () throws(RegistryError) in
      try FileLock.holding("\(directory)/.lock") { () throws(RegistryError) in
        let tags = Set(try tags(in: home)).subtracting(removing).union(adding)
        try files.replace("\(home)/\(Self.tagFile)", with: encoded(tags.sorted()))
      }
    }
    return try await model(name, version: version)
  }

  /// Beside the record, which never changes.
  private static let tagFile = "tags.json"

  private func tags(in home: String) throws(RegistryError) -> [String] {
    try record([String].self, at: "\(home)/\(Self.tagFile)", of: "the list of tags") ?? []
  }

  package func deleteModel(_ name: String, version: String) async throws(RegistryError) {
    let home = "\(try directory(ofModel: name))/\(try RegistryName.checked(version, "model version"))"
    try await blocking { () throws(RegistryError) in
      guard Posix.exists("\(home)/model.json") else { return }
      // From here on it is gone for readers; the rest only frees the space.
      try files.replace("\(home)/\(Self.tombstone)", with: Data())
      try files.discard("\(home)/model.json")
      try files.discard("\(home)/\(Self.tagFile)")
      try files.discard("\(home)/files")
    }
  }

  /// The versions that were not deleted.
  private func liveVersions(in directory: String) throws(RegistryError) -> [String] {
    try numbers(in: directory).map { "v\($0)" }.filter { version in
      Posix.exists("\(directory)/\(version)/model.json") && !Posix.exists("\(directory)/\(version)/\(Self.tombstone)")
    }
  }

  private func names() throws(RegistryError) -> [String] { try files.names(in: "\(root)/models") }

  private func numbers(in directory: String) throws(RegistryError) -> [Int] {
    try files.names(in: directory).compactMap { $0.hasPrefix("v") ? Int($0.dropFirst()) : nil }.sorted()
  }
}
