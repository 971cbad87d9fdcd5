import Basics
import KubeTypes

/// JSON patch (RFC 6902) over JSON pointers (RFC 6901).
enum JSONPatch {
  /// - Throws: 400 for what is no patch, 422 for an operation that does not apply to the object (a failed `test` too).
  static func apply(_ operations: JSONValue, to object: JSONValue, _ target: Target) throws(APIFailure) -> JSONValue {
    guard let list = operations.arrayValue else { throw .badRequest("a JSON patch is an array of operations") }
    var result = object
    for operation in list {
      do { result = try apply(operation, to: result) } catch {
        switch error {
        case .malformed(let why): throw .badRequest(why)
        case .inapplicable(let why):
          throw APIFailure(
            422, .invalid, "the server rejected our request due to an error in our request: \(why)",
            details: target.subject.details(object.objectName))
        }
      }
    }
    return result
  }

  enum Failure: Error {
    case malformed(String)
    case inapplicable(String)
  }

  private static func apply(_ operation: JSONValue, to object: JSONValue) throws(Failure) -> JSONValue {
    guard let name = operation["op"]?.stringValue, let path = operation["path"]?.stringValue else {
      throw .malformed("a JSON patch operation needs \"op\" and \"path\"")
    }
    func value() throws(Failure) -> JSONValue {
      guard let value = operation["value"] else { throw .malformed("operation \"\(name)\" needs a \"value\"") }
      return value
    }
    func source() throws(Failure) -> [String] {
      guard let from = operation["from"]?.stringValue else {
        throw .malformed("operation \"\(name)\" needs a \"from\"")
      }
      return try pointer(from)
    }
    let place = try pointer(path)
    switch name {
    case "add": return try edit(object, place[...], path, .add(value()))
    case "replace": return try edit(object, place[...], path, .replace(value()))
    case "remove": return try edit(object, place[...], path, .remove)
    case "test":
      guard find(object, place) == (try value()) else { throw .inapplicable("testing value \(path) failed") }
      return object
    case "copy", "move":
      let from = try source()
      guard let moved = find(object, from) else { throw .inapplicable("\"from\" names nothing: \(path)") }
      var result = object
      if name == "move" {
        guard !(place.starts(with: from) && place.count > from.count) else {
          throw .inapplicable("cannot move a value into itself: \(path)")
        }
        result = try edit(result, from[...], path, .remove)
      }
      return try edit(result, place[...], path, .add(moved))
    default: throw .malformed("unknown JSON patch operation \"\(name)\"")
    }
  }

  private static func pointer(_ text: String) throws(Failure) -> [String] {
    if text.isEmpty { return [] }
    guard text.hasPrefix("/") else { throw .malformed("a JSON pointer begins with '/': \"\(text)\"") }
    return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { token in
      String(token).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  private static func find(_ value: JSONValue, _ path: [String]) -> JSONValue? {
    var current = value
    for token in path {
      switch current {
      case .object(let members):
        guard let next = members[token] else { return nil }
        current = next
      case .array(let items):
        guard let index = Int(token), items.indices.contains(index) else { return nil }
        current = items[index]
      default: return nil
      }
    }
    return current
  }

  private enum Edit {
    case add(JSONValue), replace(JSONValue), remove
  }

  private static func edit(
    _ value: JSONValue, _ path: ArraySlice<String>, _ whole: String, _ change: Edit
  ) throws(Failure) -> JSONValue {
    guard let token = path.first else {
      switch change {
      case .add(let next), .replace(let next): return next
      case .remove: return .null
      }
    }
    let rest = path.dropFirst()
    switch value {
    case .object(var members):
      if rest.isEmpty {
        switch change {
        case .add(let next): members[token] = next
        case .replace(let next):
          guard members[token] != nil else { throw .inapplicable("replace: nothing at \(whole)") }
          members[token] = next
        case .remove:
          guard members.removeValue(forKey: token) != nil else { throw .inapplicable("remove: nothing at \(whole)") }
        }
      } else {
        guard let child = members[token] else { throw .inapplicable("nothing at \(whole)") }
        members[token] = try edit(child, rest, whole, change)
      }
      return .object(members)
    case .array(var items):
      if rest.isEmpty, case .add(let next) = change, token == "-" {
        items.append(next)
        return .array(items)
      }
      guard let index = Int(token), index >= 0, index <= items.count else {
        throw .inapplicable("no index \(token) at \(whole)")
      }
      if rest.isEmpty, case .add(let next) = change {
        items.insert(next, at: index)
        return .array(items)
      }
      guard index < items.count else { throw .inapplicable("no index \(token) at \(whole)") }
      if rest.isEmpty, case .remove = change {
        items.remove(at: index)
      } else {
        items[index] = try edit(items[index], rest, whole, change)
      }
      return .array(items)
    default: throw .inapplicable("nothing at \(whole)")
    }
  }
}
