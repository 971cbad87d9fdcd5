import Basics
import KubeTypes

/// A request whose path, query and body have been read.
struct ParsedRequest: Sendable {
  var method: APIRequest.Method
  var route: Route
  var query: RequestQuery
  /// The media type without parameters.
  var contentType: String
  var body: JSONValue?

  init(_ request: APIRequest) throws(APIFailure) {
    method = request.method
    route = Route(path: request.path)
    query = try RequestQuery(request.query)
    let type = (request.contentType ?? "application/json").prefix { $0 != ";" }
    contentType = type.lowercased().filter { !$0.isWhitespace }
    guard let bytes = request.body, !bytes.isEmpty else { return }
    do { body = try JSONParser.parse(bytes) } catch {
      throw .badRequest("the object provided is unrecognized (it is no JSON: \(error))")
    }
  }

  /// The body, which must be an object.
  func object() throws(APIFailure) -> JSONValue {
    guard let body, case .object = body else { throw .badRequest("the request needs a JSON object as its body") }
    return body
  }
}

/// What a path is about.
enum Route: Sendable, Equatable {
  case discovery([String])
  case resource(group: String, version: String, namespace: String?, plural: String, name: String?, subresource: String?)

  init(path: String) {
    let parts = path.split(separator: "/").map { Self.decoded(String($0)) }
    let prefix = parts.first == "api" ? 2 : parts.first == "apis" ? 3 : parts.count
    guard parts.count > prefix else {
      self = .discovery(parts)
      return
    }
    let group = prefix == 2 ? "" : parts[1]
    let version = parts[prefix - 1]
    var rest = Array(parts[prefix...])
    var namespace: String?
    if rest.count >= 3, rest[0] == "namespaces", !["status", "finalize"].contains(rest[2]) {
      namespace = rest[1]
      rest.removeFirst(2)
    }
    guard rest.count <= 3 else {
      self = .discovery(parts)
      return
    }
    self = .resource(
      group: group, version: version, namespace: namespace, plural: rest[0], name: rest.count > 1 ? rest[1] : nil,
      subresource: rest.count > 2 ? rest[2] : nil)
  }

  /// Undoes percent-encoding.
  private static func decoded(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The query items the API knows; others are ignored, as by the real server.
struct RequestQuery: Sendable {
  var labelSelector = ""
  var fieldSelector = ""
  var limit: Int?
  var continuation = ""
  /// nil where the client gave none.
  var resourceVersion: Int64?
  var matchesExactly = false
  var watch = false
  var allowsBookmarks = false
  var timeoutSeconds: Int?
  var fieldManager: String?
  var force = false
  var dryRun = false
  var gracePeriodSeconds: Int64?
  var propagationPolicy: String?
  /// Set by fault injection: reads are served as of this version.
  var staleVersion: Int64?

  init(_ items: [(name: String, value: String)]) throws(APIFailure) {
    for (name, value) in items {
      switch name {
      case "labelSelector": labelSelector = value
      case "fieldSelector": fieldSelector = value
      case "limit": limit = try Self.number(name, value).flatMap { $0 > 0 ? Int($0) : nil }
      case "continue": continuation = value
      case "resourceVersion": resourceVersion = try Self.number(name, value)
      case "resourceVersionMatch": matchesExactly = value == "Exact"
      case "watch": watch = value == "true" || value == "1"
      case "allowWatchBookmarks": allowsBookmarks = value == "true" || value == "1"
      case "timeoutSeconds": timeoutSeconds = try Self.number(name, value).map { Int($0) }
      case "fieldManager": fieldManager = value.isEmpty ? nil : value
      case "force": force = value == "true" || value == "1"
      case "dryRun":
        guard value == "All" || value.isEmpty else { throw .badRequest("dryRun: Unsupported value: \"\(value)\"") }
        dryRun = value == "All"
      case "gracePeriodSeconds": gracePeriodSeconds = try Self.number(name, value)
      case "propagationPolicy": propagationPolicy = value
      default: break
      }
    }
  }

  private static func number(_ name: String, _ value: String) throws(APIFailure) -> Int64? {
    if value.isEmpty { return nil }
    guard let number = Int64(value), number >= 0 else {
      throw .badRequest("\(name): Invalid value: \"\(value)\": must be a number of zero or more")
    }
    return number
  }
}
