import Basics

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#endif

/// A file that is on its way: its bytes so far, and what tells whether the rest that a server offers belongs to them.
/// Survives its process.
///
/// Used under the download lock of its entry.
final class PartialFile {
  /// What is known about the whole file.
  struct Origin: Codable, Equatable {
    /// The first answer's strong entity tag or date.
    var validator: String?
    var eTag: String?
    var total: Int?
  }

  let path: String
  private let originPath: String
  private let file: Posix.File
  private(set) var origin: Origin
  private(set) var size: Int
  /// Whether the bytes came in more than one exchange.
  var isPatched = false

  init(_ path: String) throws(SourceError) {
    self.path = path
    originPath = path + ".json"
    file = try Posix.File(path, O_RDWR | O_CREAT)
    size = Int(file.status.st_size)
    let saved = FileManager.default.contents(atPath: originPath)
      .flatMap { try? JSONDecoder().decode(Origin.self, from: $0) }
    origin = saved ?? Origin()
    // Bytes of unknown origin are of no use.
    if saved == nil { try restart(Origin()) }
  }

  /// Forgets all bytes.
  func restart(_ origin: Origin) throws(SourceError) {
    try file.truncate(to: 0)
    size = 0
    isPatched = false
    self.origin = origin
    let written = (try? JSONEncoder().encode(origin).write(to: URL(filePath: originPath), options: .atomic)) != nil
    guard written else { throw Posix.failure("write", originPath) }
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(SourceError) {
    try file.write(bytes, at: size)
    size += bytes.count
  }

  func checksum(_ cancellation: Cancellation) throws(SourceError) -> String {
    try SHA256.hex(of: file, cancellation)
  }

  /// Makes the bytes durable and gives them their name.
  func finish(as path: String) throws(SourceError) {
    try file.sync()
    try Posix.move(self.path, path)
    unlink(originPath)
  }

  func remove() {
    unlink(path)
    unlink(originPath)
  }
}
