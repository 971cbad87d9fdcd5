import Basics

extension SHA256 {
  /// The digest of a whole file, in lower-case hexadecimal.
  /// - Throws: `cancelled`, or what reading fails with.
  static func hex(of file: Posix.File, _ cancellation: Cancellation) throws(SourceError) -> String {
    var hash = SHA256()
    try file.read { bytes throws(SourceError) in
      hash.update(bytes)
      try cancellation.check()
    }
    return hash.hex()
  }
}
