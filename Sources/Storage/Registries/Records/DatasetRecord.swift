import Basics

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One version of a data set.
package struct DatasetRecord: Sendable, Hashable, Codable {
  package var name: String
  /// A SHA-256 over names, sizes and hashes of the files: equal contents are one version.
  package var version: String
  /// By name.
  package var files: [StoredFile]
  package var created: Date
  /// nil where whoever put it did not look inside.
  package var summary: DatasetSummary?
  /// Bytes of all files.
  package var size: Int { files.reduce(0) { $0 + $1.size } }

  package init(
    name: String, version: String, files: [StoredFile], created: Date = Date(), summary: DatasetSummary? = nil
  ) {
    self.name = name
    self.version = version
    self.files = files
    self.created = created
    self.summary = summary
  }

  /// The file of this name; nil for the only one.
  /// - Throws: `notFound`, with the names there are.
  func file(_ name: String?) throws(RegistryError) -> StoredFile {
    if let name, let file = files.first(where: { $0.name == name }) { return file }
    if name == nil, files.count == 1 { return files[0] }
    throw .notFound(kind: "data set file", name: "\(self.name) \(name ?? "")", known: files.map(\.name))
  }

  /// The version that these files make, whatever the order they are given in.
  package static func version(of files: [StoredFile]) -> String {
    let lines = files.sorted { $0.name < $1.name }.map { "\($0.name)\n\($0.size)\n\($0.sha256)\n" }
    return SHA256.hex(of: Array(lines.joined().utf8))
  }
}

/// What keeps a local copy where it is, as long as somebody has it.
package protocol DatasetHold: AnyObject, Sendable {}

/// A data set on this machine's file system.
package struct LocalDataset: Sendable {
  package var record: DatasetRecord
  /// The file where the data set is one file, else the directory that holds its files.
  package var path: String
  /// Keep it as long as the files are read: what nobody holds may go, to make room for other data.
  package var hold: (any DatasetHold)?

  package init(record: DatasetRecord, path: String, hold: (any DatasetHold)? = nil) {
    self.record = record
    self.path = path
    self.hold = hold
  }
}
