import CMongoC
import Testing

@testable import Mongo

/// What each of the driver's errors becomes: its kind, whether to try again, and what to look at.
@Suite struct ErrorMappingTests {
  struct Case: Sendable {
    var domain: mongoc_error_domain_t
    var code: UInt32
    var message: String
    var reply: BSONDocument = [:]
    var host = "db:27017"
    var usesTLS = false
    var timedOut = false
    var kind: MongoError.Kind
    var retryable: Bool
    var says: [String] = []
    var saysNot: [String] = []
  }

  private static func selection(_ cause: String) -> String {
    "No suitable servers found: `serverSelectionTimeoutMS` expired: [\(cause) calling hello on 'db:27017']"
  }

  static let selectionCases = [
    Case(
      domain: MONGOC_ERROR_SERVER_SELECTION, code: 13053, message: selection("connection refused"),
      kind: .serverSelection,
      retryable: true, says: ["db:27017", "port"], saysNot: ["Atlas", "TLS"]),
    Case(
      domain: MONGOC_ERROR_SERVER_SELECTION, code: 13053, message: selection("Failed to resolve 'db'"),
      kind: .serverSelection, retryable: true, says: ["host name"], saysNot: ["Atlas", "credentials"]),
    Case(
      domain: MONGOC_ERROR_SERVER_SELECTION, code: 13053, message: selection("connection timeout"),
      host: "c0.abc.mongodb.net", usesTLS: true, kind: .serverSelection, retryable: true, says: ["IP access list"]),
    Case(
      domain: MONGOC_ERROR_SERVER_SELECTION, code: 13053, message: selection("connection timeout"),
      kind: .serverSelection,
      retryable: true, says: ["firewall"], saysNot: ["Atlas"]),
    Case(
      domain: MONGOC_ERROR_SERVER_SELECTION, code: 13053, message: selection("connection closed"),
      kind: .serverSelection,
      retryable: true, says: ["tls=true"]),
    Case(
      domain: MONGOC_ERROR_SERVER_SELECTION, code: 13053,
      message: selection("TLS handshake failed: error:0A000086:SSL routines::certificate verify failed"), usesTLS: true,
      kind: .tls, retryable: false, says: ["tlsCAFile"], saysNot: ["Atlas"]),
    Case(
      domain: MONGOC_ERROR_SERVER_SELECTION, code: 13053,
      message: selection("TLS handshake failed: Connection reset by peer"),
      host: "c0.abc.mongodb.net", usesTLS: true, kind: .tls, retryable: false, says: ["IP access list"]),
    Case(
      domain: MONGOC_ERROR_SERVER_SELECTION, code: 13053,
      message: selection("TLS handshake failed: error:0A000438:SSL routines::tlsv1 alert internal error"),
      host: "c0.abc.mongodb.net", usesTLS: true, kind: .serverSelection, retryable: true, says: ["IP access list"]),
    Case(
      domain: MONGOC_ERROR_STREAM, code: MONGOC_ERROR_STREAM_NAME_RESOLUTION.rawValue,
      message: "Failed to look up SRV record \"_mongodb._tcp.db\": Host not found", kind: .serverSelection,
      retryable: true, says: ["DNS"]),
  ]

  static let cases = [
    Case(
      domain: MONGOC_ERROR_CLIENT, code: MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue,
      message: "Authentication failed for hunter2", kind: .authentication, retryable: false,
      says: ["password", "***"], saysNot: ["access list"]),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 8000, message: "bad auth : authentication failed", kind: .authentication,
      retryable: false),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 8000, message: "you are over your space quota, using 512 MB of 512 MB",
      kind: .transient(code: 8000), retryable: true, says: ["no room"], saysNot: ["readWrite"]),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 13, message: "not authorized on lab to execute command", kind: .unauthorized,
      retryable: false, says: ["readWrite"]),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 11000,
      message: "E11000 duplicate key error collection: lab.models index: name_1_number_1 dup key: { name: \"m\" }",
      kind: .duplicateKey(index: "name_1_number_1"), retryable: false),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 10107, message: "not primary", kind: .transient(code: 10107), retryable: true),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 4242, message: "odd",
      reply: ["errorLabels": ["RetryableWriteError"]], kind: .transient(code: 4242), retryable: true),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 50, message: "operation exceeded time limit", kind: .timeout, retryable: true),
    Case(
      domain: MONGOC_ERROR_WRITE_CONCERN, code: 64, message: "waiting for replication timed out", kind: .timeout,
      retryable: true),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 10334, message: "BSONObj size is invalid", kind: .tooLarge, retryable: false),
    Case(
      domain: MONGOC_ERROR_BSON, code: MONGOC_ERROR_BSON_INVALID.rawValue,
      message: "Document 0 is too large for the cluster. Document is 20971520 bytes, max is 16777216.", kind: .tooLarge,
      retryable: false),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 121, message: "Document failed validation",
      reply: ["writeErrors": [["index": 0, "code": 121]]], kind: .writeRejected(code: 121), retryable: false),
    Case(
      domain: MONGOC_ERROR_SERVER, code: 59, message: "no such command", reply: ["codeName": "CommandNotFound"],
      kind: .command(code: 59, name: "CommandNotFound"), retryable: false, says: ["59", "CommandNotFound"]),
    Case(
      domain: MONGOC_ERROR_STREAM, code: MONGOC_ERROR_STREAM_SOCKET.rawValue,
      message: "Failed to read 4 bytes: socket error or timeout", kind: .network, retryable: true),
    Case(
      domain: MONGOC_ERROR_STREAM, code: MONGOC_ERROR_STREAM_SOCKET.rawValue,
      message: "Failed to read 4 bytes: socket error or timeout", timedOut: true, kind: .timeout, retryable: true),
  ]

  @Test(arguments: selectionCases + cases) func anErrorHasItsKindAndSaysWhatToLookAt(_ expected: Case) {
    let mapping = ErrorMapping(
      scrubber: Scrubber(["hunter2"]), advice: SelectionAdvice(hosts: [expected.host], usesTLS: expected.usesTLS))
    let error = mapping.error(
      NativeError(
        domain: expected.domain.rawValue, code: expected.code, message: expected.message, reply: expected.reply),
      timedOut: expected.timedOut)
    #expect(error.kind == expected.kind)
    #expect(error.retryable == expected.retryable)
    #expect(!error.message.contains("hunter2"))
    for words in expected.says { #expect(error.message.contains(words), "\(error.message)") }
    for words in expected.saysNot { #expect(!error.message.contains(words), "\(error.message)") }
  }
}
