/// What an API server answers where it does not answer with an object (`metav1.Status`).
public struct Status: Sendable, Hashable, Codable {
  public var apiVersion: String?
  public var kind: String?
  public var metadata: ListMeta?
  /// `Success` or `Failure`.
  public var status: String?
  public var message: String?
  public var reason: StatusReason?
  public var details: StatusDetails?
  public var code: Int?

  public init(
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
public struct StatusReason: Sendable, Hashable, Codable, ExpressibleByStringLiteral {
  public var rawValue: String
  public init(_ rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    try single.encode(rawValue)
  }

  public static let unauthorized: StatusReason = "Unauthorized"
  public static let forbidden: StatusReason = "Forbidden"
  public static let notFound: StatusReason = "NotFound"
  public static let alreadyExists: StatusReason = "AlreadyExists"
  public static let conflict: StatusReason = "Conflict"
  public static let gone: StatusReason = "Gone"
  public static let expired: StatusReason = "Expired"
  public static let invalid: StatusReason = "Invalid"
  public static let badRequest: StatusReason = "BadRequest"
  public static let methodNotAllowed: StatusReason = "MethodNotAllowed"
  public static let unsupportedMediaType: StatusReason = "UnsupportedMediaType"
  public static let tooManyRequests: StatusReason = "TooManyRequests"
  public static let serverTimeout: StatusReason = "ServerTimeout"
  public static let timeout: StatusReason = "Timeout"
  public static let internalError: StatusReason = "InternalError"
  public static let serviceUnavailable: StatusReason = "ServiceUnavailable"
}

/// More of a failure: which object, which causes, when to try again.
public struct StatusDetails: Sendable, Hashable, Codable {
  public var name: String?
  public var group: String?
  public var kind: String?
  public var uid: String?
  public var causes: [StatusCause]?
  public var retryAfterSeconds: Int?

  public init(
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
public struct StatusCause: Sendable, Hashable, Codable {
  public var reason: String?
  public var message: String?
  public var field: String?

  public init(reason: String? = nil, message: String? = nil, field: String? = nil) {
    self.reason = reason
    self.message = message
    self.field = field
  }
}
