import Foundation

/// A directory for temporary files that nobody but this user can look into.
final class PrivateDirectory: Sendable {
  let path: String

  /// Makes a directory below the machine's temporary one.
  /// - Throws: ``LaunchError/notYet(reason:message:)`` with the system's reason.
  init(prefix: String) throws(LaunchError) {
    var template = Array("\(NSTemporaryDirectory().trimmingSlash)/\(prefix)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .notYet(
        reason: "CreateContainerError",
        message: "no private directory can be made in \(NSTemporaryDirectory()): \(String(cString: strerror(errno)))")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes the directory with all that is in it.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
  deinit { remove() }
}

extension String {
  fileprivate var trimmingSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}
