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
  /// Bytes of all files.
  package var size: Int { files.reduce(0) { $0 + $1.size } }

  /// The version that these files make, whatever the order they are given in.
  package static func version(of files: [StoredFile]) -> String {
    let lines = files.sorted { $0.name < $1.name }.map { "\($0.name)\n\($0.size)\n\($0.sha256)\n" }
    return SHA256.hex(of: Array(lines.joined().utf8))
  }
}

/// A data set on this machine's file system.
package struct LocalDataset: Sendable, Hashable {
  package var record: DatasetRecord
  /// The file where the data set is one file, else the directory that holds its files.
  package var path: String
}
