import CMongoC

/// The C driver of the process, which wants to be told once that it begins.
enum MongoLibrary {
  /// Starts the driver at its first use; later uses find it started. It lasts as long as the process.
  static let start: Void = mongoc_init()

  /// The driver's version, such as `1.23.1`.
  static var version: String { String(cString: mongoc_get_version()) }
}
