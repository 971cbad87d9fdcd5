import CMongoC

/// What the driver's errors mean, by the MongoDB server's error_codes.yml and the driver's mongoc_errors(3).
struct ErrorMapping: Sendable {
  let scrubber: Scrubber
  let advice: SelectionAdvice

  /// - Parameter timedOut: whether the call took as long as a connection may be silent. The driver's own message is the same for
  ///   a connection that broke and one that stayed silent.
  func error(_ native: NativeError, timedOut: Bool = false) -> MongoError {
    let message = scrubber.scrub(native.message)
    switch native.domain {
    case MONGOC_ERROR_SERVER_SELECTION.rawValue: return advice.error(message)
    case MONGOC_ERROR_SERVER.rawValue: return server(native, message)
    case MONGOC_ERROR_WRITE_CONCERN.rawValue:
      return MongoError(.timeout, "a write was not confirmed by a majority of the servers: \(message)")
    case MONGOC_ERROR_STREAM.rawValue: return stream(native, message, timedOut)
    case MONGOC_ERROR_SASL.rawValue, MONGOC_ERROR_SCRAM.rawValue: return authentication(message)
    case MONGOC_ERROR_CLIENT.rawValue where native.code == MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue:
      return authentication(message)
    case MONGOC_ERROR_PROTOCOL.rawValue: return MongoError(.network, "what came is not MongoDB's protocol: \(message)")
    case MONGOC_ERROR_BSON.rawValue where message.contains("too large"): return MongoError(.tooLarge, message)
    case MONGOC_ERROR_BSON.rawValue: return MongoError(.encoding, message)
    case MONGOC_ERROR_CURSOR.rawValue where timedOut: return MongoError(.timeout, message)
    default: return MongoError(.command(code: Int(native.code), name: "driver"), message)
    }
  }

  private func authentication(_ message: String) -> MongoError {
    MongoError(
      .authentication,
      "MongoDB refused the credentials: \(message); check the user name, the password (percent-encoded in the URI), "
        + "authSource and authMechanism")
  }

  private func stream(_ native: NativeError, _ message: String, _ timedOut: Bool) -> MongoError {
    if native.code == MONGOC_ERROR_STREAM_NAME_RESOLUTION.rawValue { return advice.error(message) }
    if message.contains("TLS") { return advice.tlsError(message) }
    if timedOut { return MongoError(.timeout, "MongoDB did not answer in time: \(message)") }
    return MongoError(.network, "the connection to MongoDB broke: \(message)")
  }

  // MARK: What servers report

  private static let transient: Set<Int> = [
    6, 7, 89, 91, 112, 133, 134, 189, 234, 251, 262, 317, 384, 9001, 10058, 10107, 11600, 11602, 13388, 13435, 13436,
    14031, 16500, 50915,
  ]

  private func server(_ native: NativeError, _ message: String) -> MongoError {
    let code = Int(native.code)
    let name = native.reply["codeName"]?.stringValue ?? ""
    switch code {
    case 11000, 11001, 12582: return MongoError(.duplicateKey(index: Self.index(in: message)), message)
    case 18, 11: return authentication(message)
    // Atlas' own answer to bad credentials and to much else.
    case 8000 where message.contains("auth"): return authentication(message)
    case 8000 where message.contains("quota"):
      return MongoError(.transient(code: code), "MongoDB has no room left: \(message)")
    case 8000: return MongoError(.unauthorized, "Atlas does not allow it: \(message)")
    case 13:
      return MongoError(
        .unauthorized, "MongoDB does not allow it: \(message); the user needs the role readWrite on the database")
    case 50, 64, 202: return MongoError(.timeout, "MongoDB took longer than it may: \(message)")
    case 10334, 17419, 17420: return MongoError(.tooLarge, message)
    case 2 where message.contains("too large"): return MongoError(.tooLarge, message)
    default: break
    }
    let labels = native.reply["errorLabels"]?.arrayValue?.compactMap(\.stringValue) ?? []
    if Self.transient.contains(code) || labels.contains("RetryableWriteError")
      || labels.contains("TransientTransactionError")
    {
      return MongoError(.transient(code: code), "MongoDB cannot do it just now: \(message)")
    }
    if native.reply["writeErrors"] != nil { return MongoError(.writeRejected(code: code), message) }
    let named = name.isEmpty ? "error \(code)" : "error \(code), \(name)"
    return MongoError(.command(code: code, name: name), "MongoDB refused the command (\(named)): \(message)")
  }

  /// The index that `E11000 duplicate key error collection: d.c index: name_1 dup key: …` names.
  static func index(in message: String) -> String {
    guard let start = message.firstRange(of: "index: ") else { return "" }
    return String(message[start.upperBound...].prefix { $0 != " " })
  }
}
