/// A file of this machine, ready to be read.
///
/// Keep it as long as the file is used: a file of the cache is not removed before.
package final class SourceFile: Sendable {
  /// A file, or for plain paths also a directory.
  package let path: String
  /// In lower-case hexadecimal; nil for plain paths whose checksum nobody asked for.
  package let sha256: String?
  private let lock: Posix.File?

  init(path: String, sha256: String?, lock: Posix.File?) {
    self.path = path
    self.sha256 = sha256
    self.lock = lock
  }
}
