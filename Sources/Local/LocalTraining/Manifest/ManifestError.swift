/// What is wrong with a file of manifests: which file, which line where that is known, and why.
package struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
  package var file: String
  /// From 1.
  package var line: Int?
  package var message: String

  package init(file: String, line: Int? = nil, message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  /// `FILE:LINE: MESSAGE`, as compilers write it.
  package var description: String {
    line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
  }
}

/// All that is wrong with some manifests.
package struct ManifestErrors: Error, Sendable, CustomStringConvertible {
  package var errors: [ManifestError]
  package init(_ errors: [ManifestError]) { self.errors = errors }
  package var description: String { errors.map(\.description).joined(separator: "\n") }
}
