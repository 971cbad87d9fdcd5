/// What an API server answers where it does not answer with an object (`metav1.Status`).
package struct Status: Sendable, Hashable, Codable {
  package var apiVersion: String?
  package var kind: String?
  package var metadata: ListMeta?
  /// `Success` or `Failure`.
  package var status: String?
  package var message: String?
  package var reason: StatusReason?
  package var details: StatusDetails?
  package var code: Int?

  package init(
    status: String = "Failure", message: String? = nil, reason: StatusReason? = nil, details: StatusDetails? = nil,
    code: Int? = nil
  ) {
    apiVersion = "v1"
    kind = "Status"
    metadata = ListMeta()
    self.status = status
    self.message = message
    self.reason = reason
    self.details = details
    self.code = code
  }
}

/// Why a request failed: the server's machine-readable word, open to words that newer servers add.
package struct StatusReason: Sendable, Hashable, Codable, ExpressibleByStringLiteral {
  package var rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package init(stringLiteral value: String) { rawValue = value }
  package init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }
  package func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    try single.encode(rawValue)
  }

  package static let unauthorized: StatusReason = "Unauthorized"
  package static let forbidden: StatusReason = "Forbidden"
  package static let notFound: StatusReason = "NotFound"
  package static let alreadyExists: StatusReason = "AlreadyExists"
  package static let conflict: StatusReason = "Conflict"
  package static let gone: StatusReason = "Gone"
  package static let expired: StatusReason = "Expired"
  package static let invalid: StatusReason = "Invalid"
  package static let badRequest: StatusReason = "BadRequest"
  package static let methodNotAllowed: StatusReason = "MethodNotAllowed"
  package static let unsupportedMediaType: StatusReason = "UnsupportedMediaType"
  package static let tooManyRequests: StatusReason = "TooManyRequests"
  package static let serverTimeout: StatusReason = "ServerTimeout"
  package static let timeout: StatusReason = "Timeout"
  package static let internalError: StatusReason = "InternalError"
  package static let serviceUnavailable: StatusReason = "ServiceUnavailable"
}

/// More of a failure: which object, which causes, when to try again.
package struct StatusDetails: Sendable, Hashable, Codable {
  package var name: String?
  package var group: String?
  package var kind: String?
  package var uid: String?
  package var causes: [StatusCause]?
  package var retryAfterSeconds: Int?

  package init(
    name: String? = nil, group: String? = nil, kind: String? = nil, uid: String? = nil, causes: [StatusCause]? = nil,
    retryAfterSeconds: Int? = nil
  ) {
    self.name = name
    self.group = group
    self.kind = kind
    self.uid = uid
    self.causes = causes
    self.retryAfterSeconds = retryAfterSeconds
  }
}

/// One cause of a failure, with the field it is about.
package struct StatusCause: Sendable, Hashable, Codable {
  package var reason: String?
  package var message: String?
  package var field: String?

  package init(reason: String? = nil, message: String? = nil, field: String? = nil) {
    self.reason = reason
    self.message = message
    self.field = field
  }
}
