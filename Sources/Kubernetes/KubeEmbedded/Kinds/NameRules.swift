import Basics
import KubeTypes

/// The syntax of names and labels (RFC 1123 as apimachinery's util/validation reads it).
enum NameRules {
  private static func isAlphanumeric(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }

  /// A DNS-1123 label: lower-case letters, digits and dashes, at most 63, a letter or digit at both ends.
  static func isLabel(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last) && bytes.allSatisfy { isAlphanumeric($0) || $0 == 45 }
  }

  /// A DNS-1123 subdomain: labels of any length joined by dots, 253 in all.
  static func isSubdomain(_ text: some StringProtocol) -> Bool {
    guard text.utf8.count <= 253 else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      let bytes = Array(part.utf8)
      guard let first = bytes.first, let last = bytes.last else { return false }
      return isAlphanumeric(first) && isAlphanumeric(last) && bytes.allSatisfy { isAlphanumeric($0) || $0 == 45 }
    }
  }

  private static func isName(_ text: some StringProtocol) -> Bool {
    func ends(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || (65...90).contains(byte) }
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    return ends(first) && ends(last) && bytes.allSatisfy { ends($0) || $0 == 45 || $0 == 46 || $0 == 95 }
  }

  /// A label or annotation key: a name with an optional DNS prefix.
  static func isQualifiedName(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isName(parts[0])
    case 2: return isSubdomain(parts[0]) && isName(parts[1])
    default: return false
    }
  }

  static func isLabelValue(_ text: some StringProtocol) -> Bool { text.isEmpty || isName(text) }

  private static let labelText =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
    + "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
  private static let subdomainText =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    + "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
  private static let labelValueText =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    + "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
  private static let qualifiedNameText =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

  /// What is wrong with an object's metadata.
  static func errors(inMetadataOf object: JSONValue, type: ResourceType) -> [FieldError] {
    var errors: [FieldError] = []
    let name = object.objectName
    let path = "metadata.name"
    switch type.rules {
    // RBAC names may be any path segment: `system:node`.
    case .role:
      if name == "." || name == ".." || name.contains("/") || name.contains("%") {
        errors.append(.invalid(path, .string(name), "may not contain '/' or '%', nor be '.' or '..'"))
      }
    case .namespace: if !isLabel(name) { errors.append(.invalid(path, .string(name), labelText)) }
    default: if !isSubdomain(name) { errors.append(.invalid(path, .string(name), subdomainText)) }
    }
    for (key, value) in object[meta: "labels"]?.objectValue ?? [:] {
      if !isQualifiedName(key) { errors.append(.invalid("metadata.labels", .string(key), qualifiedNameText)) }
      guard let text = value.stringValue, isLabelValue(text) else {
        errors.append(.invalid("metadata.labels", value, labelValueText))
        continue
      }
    }
    for (key, value) in object[meta: "annotations"]?.objectValue ?? [:] {
      if !isQualifiedName(key.lowercased()) {
        errors.append(.invalid("metadata.annotations", .string(key), qualifiedNameText))
      }
      if value.stringValue == nil { errors.append(.invalid("metadata.annotations", value, "must be a string")) }
    }
    for (position, owner) in (object[meta: "ownerReferences"]?.arrayValue ?? []).enumerated() {
      for member in ["apiVersion", "kind", "name", "uid"] where (owner[member]?.stringValue ?? "").isEmpty {
        errors.append(
          .invalid("metadata.ownerReferences[\(position)].\(member)", .string(""), "\(member) must not be empty"))
      }
    }
    for finalizer in object.finalizers where !isQualifiedName(finalizer) {
      errors.append(.invalid("metadata.finalizers", .string(finalizer), qualifiedNameText))
    }
    return errors
  }
}
