import Basics
import KubeTypes

/// A refused request, as the `Status` it is answered with. The texts follow k8s.io/apimachinery's api/errors.
struct APIFailure: Error {
  var status: Status
  var code: Int { status.code ?? 500 }

  init(_ code: Int, _ reason: StatusReason?, _ message: String, details: StatusDetails? = nil) {
    status = Status(message: message, reason: reason, details: details, code: code)
  }

  /// `group` and `plural` of the resource a failure is about.
  struct Subject {
    var group: String
    var plural: String
    var kind: String

    /// `pods`, or `widgets.example.com` outside the core group.
    var qualified: String { group.isEmpty ? plural : "\(plural).\(group)" }
    var qualifiedKind: String { group.isEmpty ? kind : "\(kind).\(group)" }
    func details(_ name: String, causes: [StatusCause]? = nil) -> StatusDetails {
      StatusDetails(name: name, group: group.isEmpty ? nil : group, kind: plural, causes: causes)
    }
  }

  static func notFound(_ subject: Subject, _ name: String) -> APIFailure {
    APIFailure(
      404, .notFound, "\(subject.qualified) \"\(name)\" not found", details: subject.details(name))
  }

  /// The path is of no resource the server knows.
  static let noSuchResource = APIFailure(
    404, .notFound, "the server could not find the requested resource", details: StatusDetails())

  static func alreadyExists(_ subject: Subject, _ name: String) -> APIFailure {
    APIFailure(
      409, .alreadyExists, "\(subject.qualified) \"\(name)\" already exists", details: subject.details(name))
  }

  static func conflict(_ subject: Subject, _ name: String, _ why: String) -> APIFailure {
    APIFailure(
      409, .conflict, "Operation cannot be fulfilled on \(subject.qualified) \"\(name)\": \(why)",
      details: subject.details(name))
  }

  static let staleText =
    "the object has been modified; please apply your changes to the latest version and try again"

  static func badRequest(_ message: String) -> APIFailure { APIFailure(400, .badRequest, message) }

  static func forbidden(
    _ subject: Subject, _ name: String, _ why: String, causes: [StatusCause]? = nil
  ) -> APIFailure {
    APIFailure(
      403, .forbidden, "\(subject.qualified) \"\(name)\" is forbidden: \(why)",
      details: subject.details(name, causes: causes))
  }

  static func methodNotAllowed() -> APIFailure {
    APIFailure(
      405, .methodNotAllowed, "the server does not allow this method on the requested resource",
      details: StatusDetails())
  }

  static func unsupportedMediaType(_ type: String, accepted: [String]) -> APIFailure {
    APIFailure(
      415, .unsupportedMediaType,
      "the body of the request was in an unknown format - accepted media types include: "
        + "\(accepted.joined(separator: ", ")), not \"\(type)\"")
  }

  /// 410: what the caller asked to go on from is no longer kept.
  static func expired(_ message: String) -> APIFailure { APIFailure(410, .expired, message) }

  static func invalid(_ subject: Subject, _ name: String, _ errors: [FieldError]) -> APIFailure {
    let texts = errors.map { "\($0.field): \($0.text)" }
    let joined = texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
    var details = subject.details(
      name, causes: errors.map { StatusCause(reason: $0.reason.rawValue, message: $0.text, field: $0.field) })
    details.kind = subject.kind
    return APIFailure(
      422, .invalid, "\(subject.qualifiedKind) \"\(name)\" is invalid: \(joined)", details: details)
  }
}

/// What is wrong with one field (k8s.io/apimachinery's `field.Error`).
struct FieldError: Error, Equatable {
  enum Reason: String {
    case required = "FieldValueRequired"
    case invalid = "FieldValueInvalid"
    case unsupported = "FieldValueNotSupported"
    case duplicate = "FieldValueDuplicate"
    case forbidden = "FieldValueForbidden"
    case tooLong = "FieldValueTooLong"
    case tooMany = "FieldValueTooMany"
    case type = "FieldValueTypeInvalid"
  }
  var field: String
  var reason: Reason
  /// The message without the field: `Invalid value: 3: …`.
  var text: String

  static func required(_ field: String, _ detail: String = "") -> FieldError {
    FieldError(field: field, reason: .required, text: detail.isEmpty ? "Required value" : "Required value: \(detail)")
  }
  static func invalid(_ field: String, _ value: JSONValue, _ detail: String) -> FieldError {
    FieldError(field: field, reason: .invalid, text: "Invalid value: \(JSONWriter.text(value)): \(detail)")
  }
  static func unsupported(_ field: String, _ value: JSONValue, supported: [JSONValue]) -> FieldError {
    let values = supported.map { JSONWriter.text($0) }.joined(separator: ", ")
    return FieldError(
      field: field, reason: .unsupported,
      text: "Unsupported value: \(JSONWriter.text(value)): supported values: \(values)")
  }
  static func duplicate(_ field: String, _ value: JSONValue) -> FieldError {
    FieldError(field: field, reason: .duplicate, text: "Duplicate value: \(JSONWriter.text(value))")
  }
  static func forbidden(_ field: String, _ detail: String) -> FieldError {
    FieldError(field: field, reason: .forbidden, text: "Forbidden: \(detail)")
  }
}
