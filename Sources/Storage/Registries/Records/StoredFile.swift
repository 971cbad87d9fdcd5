/// One file of a data set or a model, and what its bytes must be.
package struct StoredFile: Sendable, Hashable, Codable {
  package var name: String
  /// Bytes.
  package var size: Int
  /// Lower-case hexadecimal.
  package var sha256: String

  package init(name: String, size: Int, sha256: String) {
    self.name = name
    self.size = size
    self.sha256 = sha256
  }
}
