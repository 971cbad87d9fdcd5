import Basics

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reading whole files, and hashing what is read.
enum FileDigest {
  private static let pieceSize = 1 << 20

  /// Reads a file piece by piece and returns its size and SHA-256.
  static func read(
    _ path: String, _ take: (UnsafeRawBufferPointer) throws(RegistryError) -> Void = { _ in }
  ) throws(RegistryError) -> (size: Int, sha256: String) {
    let descriptor = try Posix.open(path, O_RDONLY, operation: "read")
    defer { close(descriptor) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)
    defer { buffer.deallocate() }
    var hash = SHA256()
    var size = 0
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count == 0 { return (size, hash.hex()) }
      if count < 0 {
        if errno == EINTR { continue }
        throw Posix.failure("read", path)
      }
      let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      hash.update(piece)
      try take(piece)
      size += count
    }
  }

  /// A file's contents; nil where it does not exist.
  static func contents(_ path: String) throws(RegistryError) -> Data? {
    var data = Data()
    do {
      _ = try read(path) { data.append(contentsOf: $0) }
    } catch {
      if !Posix.exists(path) { return nil }
      throw error
    }
    return data
  }

  /// The bytes of a part of a file, which must reach that far.
  static func bytes(_ range: Range<Int>, of path: String) throws(RegistryError) -> [UInt8] {
    let descriptor = try Posix.open(path, O_RDONLY, operation: "read")
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: range.count)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(range.lowerBound + done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Posix.failure("read", path, count == 0 ? EIO : errno) }
      done += count
    }
    return bytes
  }

  /// - Throws: `damaged` where the file at `path` is missing or not what `file` says.
  static func verify(_ file: StoredFile, at path: String, of what: String) throws(RegistryError) {
    guard Posix.exists(path) else { throw .damaged(what: what, detail: "\(file.name) is missing") }
    try check(try read(path), against: file, of: what)
  }

  /// - Throws: `damaged` where what was read is not what `file` says.
  static func check(
    _ found: (size: Int, sha256: String), against file: StoredFile, of what: String
  ) throws(RegistryError) {
    guard found.size == file.size else {
      throw .damaged(what: what, detail: "\(file.name) has \(found.size) bytes, not \(file.size)")
    }
    guard found.sha256 == file.sha256 else {
      throw .damaged(what: what, detail: "\(file.name) has another checksum than when it was written")
    }
  }
}

/// The version that ``Registry/putDataset(_:from:summary:progress:)`` would give to the file, or to the plain files of the directory, at `path`:
/// what tells the data of two trainings apart where it does not come from a registry.
package func contentVersion(of path: String) throws(RegistryError) -> String {
  var files: [StoredFile] = []
  for source in try DatasetSource.files(at: path) {
    let digest = try FileDigest.read(source.path)
    files.append(StoredFile(name: source.name, size: digest.size, sha256: digest.sha256))
  }
  return DatasetRecord.version(of: files)
}
