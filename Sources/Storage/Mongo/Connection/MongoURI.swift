import CMongoC

/// A connection string, by MongoDB's "Connection String URI Format". Holds its password, and shows it to nobody: what prints,
/// describes or reflects a value of this type gets ``redacted``.
package struct MongoURI: Sendable, Hashable {
  /// With everything in it: goes to the C driver and nowhere else.
  private let text: String
  /// Scheme, user and hosts, with stars for a password.
  private let shown: String
  /// What is shown of it, without password and options: `mongodb://user:***@host:27017/database`.
  package var redacted: String { "\(shown)/\(database)" }
  /// The database that the path names, else ``defaultDatabase``. Setting it changes what is used, not where users are looked up.
  package var database: String
  /// `host:port` each, or the one name whose SRV records lead to them.
  package let hosts: [String]
  package let usesTLS: Bool
  /// Whether the DNS says which servers there are.
  package let isService: Bool
  /// The option of this name, which the pool's own count has to be.
  let maxPoolSize: Int?
  /// Files that the URI names, by option: they have to be there when a connection is made.
  let files: [String: String]
  let secrets: [String]

  /// As MongoDB's own tools have it.
  package static let defaultDatabase = "test"
  package static let schemes = ["mongodb://", "mongodb+srv://"]

  /// - Throws: `invalidURI`, with what is wrong and no part of user or password.
  package init(_ text: String, defaultDatabase: String = Self.defaultDatabase) throws(MongoError) {
    MongoLibrary.start
    let pieces = try URIPieces(text)
    let native = try Self.parsed(text, pieces)
    defer { mongoc_uri_destroy(native) }
    func option(_ name: String) -> String? {
      mongoc_uri_get_option_as_utf8(native, name, nil).map { String(cString: $0) }
    }

    self.text = text
    let path = mongoc_uri_get_database(native).map { String(cString: $0) }
    database = path.flatMap { $0.isEmpty ? nil : $0 } ?? defaultDatabase
    hosts = Self.hosts(of: native)
    // The driver takes the end of such a password for a part of something that is no secret.
    if (hosts + [database]).contains(where: { $0.contains("@") }) { throw URIPieces.unescaped }
    usesTLS = mongoc_uri_get_tls(native)
    let poolSize = mongoc_uri_get_option_as_int32(native, MONGOC_URI_MAXPOOLSIZE, 0)
    maxPoolSize = poolSize > 0 ? Int(poolSize) : nil
    files = [MONGOC_URI_TLSCAFILE: "tlsCAFile", MONGOC_URI_TLSCERTIFICATEKEYFILE: "tlsCertificateKeyFile"]
      .reduce(into: [:]) { files, entry in if let path = option(entry.key) { files[entry.value] = path } }

    let password = mongoc_uri_get_password(native).map { String(cString: $0) }
    let keyPassword = option(MONGOC_URI_TLSCERTIFICATEKEYFILEPASSWORD)
    secrets = pieces.secrets + [password, keyPassword].compactMap { $0 }
    let user = mongoc_uri_get_username(native).map { String(cString: $0) }
    let userInfo = user.map { "\($0)\(password == nil ? "" : ":***")@" } ?? ""
    shown = "\(pieces.scheme)\(userInfo)\(hosts.joined(separator: ","))"
    isService = pieces.scheme == Self.schemes[1]
  }

  private static func parsed(_ text: String, _ pieces: URIPieces) throws(MongoError) -> OpaquePointer {
    var error = bson_error_t()
    if let native = mongoc_uri_new_with_error(text, &error) { return native }
    if pieces.hasStrayAt { throw URIPieces.unescaped }
    let detail = Scrubber(pieces.secrets).scrub(NativeError(error).message)
    throw MongoError(.invalidURI, "the MongoDB URI cannot be used: \(detail.isEmpty ? "it is malformed" : detail)")
  }

  private static func hosts(of native: OpaquePointer) -> [String] {
    if let name = mongoc_uri_get_srv_hostname(native) { return [String(cString: name)] }
    var hosts: [String] = []
    var next = mongoc_uri_get_hosts(native)
    while let host = next {
      hosts.append(
        withUnsafeBytes(of: host.pointee.host_and_port) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
      next = UnsafePointer(host.pointee.next)
    }
    return hosts
  }

  /// The same place with another database; users are looked up where the URI says.
  package func with(database: String) -> MongoURI {
    var copy = self
    copy.database = database
    return copy
  }

  /// The URI as the driver wants it, with `options` where it says nothing itself; to be freed by the caller.
  func native(_ options: MongoOptions) throws(MongoError) -> OpaquePointer {
    var error = bson_error_t()
    guard let native = mongoc_uri_new_with_error(text, &error) else {
      throw MongoError(.invalidURI, "the MongoDB URI cannot be used")
    }
    func set(_ name: String, _ value: Int32) {
      if !mongoc_uri_has_option(native, name) { mongoc_uri_set_option_as_int32(native, name, value) }
    }
    set(MONGOC_URI_SERVERSELECTIONTIMEOUTMS, options.serverSelectionTimeout.milliseconds)
    set(MONGOC_URI_CONNECTTIMEOUTMS, options.connectTimeout.milliseconds)
    set(MONGOC_URI_SOCKETTIMEOUTMS, options.socketTimeout.milliseconds)
    set(MONGOC_URI_MAXPOOLSIZE, Int32(clamping: options.maxPoolSize))
    if !mongoc_uri_has_option(native, MONGOC_URI_RETRYWRITES) {
      mongoc_uri_set_option_as_bool(native, MONGOC_URI_RETRYWRITES, true)
    }
    if !options.appName.isEmpty, mongoc_uri_get_appname(native) == nil {
      mongoc_uri_set_appname(native, options.appName)
    }
    // Asked for by its accessor: the write concern is not among the options that have_option knows.
    if mongoc_write_concern_get_w(mongoc_uri_get_write_concern(native)) == MONGOC_WRITE_CONCERN_W_DEFAULT {
      let concern = mongoc_write_concern_new()
      defer { mongoc_write_concern_destroy(concern) }
      mongoc_write_concern_set_w(concern, MONGOC_WRITE_CONCERN_W_MAJORITY)
      mongoc_uri_set_write_concern(native, concern)
    }
    return native
  }
}

extension MongoURI: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { redacted }
  package var debugDescription: String { redacted }
  package var customMirror: Mirror { Mirror(self, children: ["redacted": redacted]) }
}
