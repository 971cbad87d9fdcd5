import CMongoC

/// The C driver of the process, which wants to be told once that it begins.
enum MongoLibrary {
  /// Starts the driver at its first use; later uses find it started. It lasts as long as the process.
  ///
  /// What the driver would write to standard error goes nowhere: its lines quote what servers and URIs say, and what matters
  /// comes back as an error, which is scrubbed of secrets.
  static let start: Void = {
    mongoc_init()
    mongoc_log_set_handler(nil, nil)
  }()

  /// The driver's version, such as `1.23.1`.
  static var version: String { String(cString: mongoc_get_version()) }
}
