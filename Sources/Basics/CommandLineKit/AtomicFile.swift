import Foundation

/// Files that are either whole or as they were before.
package enum AtomicFile {
  /// Why a file could not be written: one line, with what to do about it.
  package struct Failure: Error, Equatable {
    package let message: String
  }

  /// Writes beside `path`, makes sure that it is on the disk, and puts it in the file's place.
  /// - Throws: ``Failure`` with the system's reason.
  package static func write(_ data: Data, to path: String) throws(Failure) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    do {
      defer { close(descriptor) }
      try fill(descriptor, data, path)
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
  }

  private static func fill(_ descriptor: Int32, _ data: Data, _ path: String) throws(Failure) {
    let isWritten = data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return fsync(descriptor) == 0
    }
    guard isWritten else { throw failure(path) }
  }

  /// Makes the directory `path` and those above it.
  /// - Throws: ``Failure`` with the system's reason.
  package static func makeDirectory(_ path: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        message: "cannot make the directory \(path): \(String(cString: strerror(errno))); choose another place")
    }
  }

  private static func failure(_ path: String) -> Failure {
    Failure(message: "cannot write \(path): \(String(cString: strerror(errno))); choose another place")
  }
}
