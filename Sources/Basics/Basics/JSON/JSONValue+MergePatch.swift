extension JSONValue {
  /// The merge patch (RFC 7386) that turns `old` into `new`; nil where they are equal.
  ///
  /// Lists are replaced whole, as that format has it.
  public static func mergePatch(from old: JSONValue, to new: JSONValue) -> JSONValue? {
    if old == new { return nil }
    guard case .object(let before) = old, case .object(let after) = new else { return new }
    var patch: [String: JSONValue] = [:]
    for key in before.keys where after[key] == nil { patch[key] = .null }
    for (key, value) in after {
      if let earlier = before[key] {
        if let change = mergePatch(from: earlier, to: value) { patch[key] = change }
      } else {
        patch[key] = value
      }
    }
    return .object(patch)
  }

  /// This value with a merge patch (RFC 7386) applied to it.
  public func merging(_ patch: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var members = objectValue ?? [:]
    for (key, change) in changes {
      // Not one expression with `nil`: beside a JSONValue that literal is JSON's null, which would stay as a member.
      if change == .null {
        members.removeValue(forKey: key)
      } else {
        members[key] = (members[key] ?? .null).merging(change)
      }
    }
    return .object(members)
  }
}
