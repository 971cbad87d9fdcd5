import CMongoC

#if canImport(Glibc)
  import Glibc
#endif

/// The C driver of the process, which wants to be told once that it begins.
enum MongoLibrary {
  /// Starts the driver at its first use; later uses find it started. It lasts as long as the process.
  ///
  /// What the driver would write to standard error goes nowhere: its lines quote what servers and URIs say, and what matters
  /// comes back as an error, which is scrubbed of secrets.
  static let start: Void = {
    mongoc_init()
    mongoc_log_set_handler(nil, nil)
    endWithoutTearingDown()
  }()

  /// Has the process end without OpenSSL's cleaning up, which the driver's threads do not survive: monitors, and calls that
  /// nobody waits for any more, would go on to use what is gone. Handlers run in the reverse order of their
  /// registration, so those of the program itself have run by then, and OpenSSL's, which is older than this one, has not.
  private static func endWithoutTearingDown() {
    #if canImport(Glibc)
      on_exit(
        { status, _ in
          fflush(nil)
          _exit(status)
        }, nil)
    #endif
  }

  /// The driver's version, such as `1.23.1`.
  static var version: String { String(cString: mongoc_get_version()) }
}
