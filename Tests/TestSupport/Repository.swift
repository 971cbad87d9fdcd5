import Foundation

/// The checkout that these tests were built from.
package enum Repository {
  /// The folder that holds Package.swift: the nearest one above this file.
  package static let root: URL = {
    var folder = URL(filePath: #filePath).deletingLastPathComponent()
    while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
      folder.deleteLastPathComponent()
    }
    return folder
  }()
}
