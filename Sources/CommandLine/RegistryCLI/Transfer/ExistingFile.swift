import Basics
import Foundation
import Registries

/// What to do about a file that is already where another is to go.
enum ExistingFile {
  /// - Throws: `RegistryFailure` where another file has this path; one with the same contents is no other.
  static func refuse(_ file: StoredFile, at path: String) throws(RegistryFailure) {
    guard FileManager.default.fileExists(atPath: path), !isSame(file, at: path) else { return }
    throw RegistryFailure("\(path) exists and is different; --force replaces it")
  }

  /// Whether the file at `path` has these contents.
  static func isSame(_ file: StoredFile, at path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    guard (try? handle.seekToEnd()).map(Int.init) == file.size, (try? handle.seek(toOffset: 0)) != nil else {
      return false
    }
    var hash = SHA256()
    while let piece = try? handle.read(upToCount: 1 << 20), !piece.isEmpty {
      piece.withUnsafeBytes { hash.update($0) }
    }
    return hash.hex() == file.sha256
  }
}
