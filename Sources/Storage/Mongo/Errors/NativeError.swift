import CMongoC

/// An error as the C driver reports it.
struct NativeError: Sendable {
  /// A `mongoc_error_domain_t`.
  var domain: UInt32
  /// A `mongoc_error_code_t`, or with the domain `MONGOC_ERROR_SERVER` the server's own code.
  var code: UInt32
  var message: String
  /// What the server answered; empty where there was no answer.
  var reply: BSONDocument

  init(domain: UInt32, code: UInt32, message: String, reply: BSONDocument = [:]) {
    self.domain = domain
    self.code = code
    self.message = message
    self.reply = reply
  }

  init(_ error: bson_error_t, reply: BSONDocument = [:]) {
    let message = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    self.init(domain: error.domain, code: error.code, message: message, reply: reply)
  }

  var isServers: Bool { domain == MONGOC_ERROR_SERVER.rawValue }

  func isDriver(_ domain: mongoc_error_domain_t, _ code: mongoc_error_code_t) -> Bool {
    self.domain == domain.rawValue && self.code == code.rawValue
  }
}
