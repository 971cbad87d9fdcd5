/// What may be a name in the registry. Names become file names and document keys, so nothing that could leave its
/// directory, hide, or need quoting is one; Kubernetes object names and UIDs all are.
package enum RegistryName {
  /// The rule in words, for error messages.
  package static let rule =
    "a name has 1 to \(maximumLength) characters, ASCII letters, digits, '-', '_' or '.', and begins with a letter or digit"
  package static let maximumLength = 253

  /// Returns `name` where it may be one.
  /// - Parameter field: what the name is of, for the error: `model name`.
  @discardableResult
  package static func checked(_ name: String, _ field: String) throws(RegistryError) -> String {
    let bytes = Array(name.utf8)
    func isPlain(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    let others: [UInt8] = [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")]
    guard let first = bytes.first, isPlain(first), bytes.count <= maximumLength,
      bytes.allSatisfy({ isPlain($0) || others.contains($0) })
    else { throw .invalidName(field: field, value: name) }
    return name
  }
}
