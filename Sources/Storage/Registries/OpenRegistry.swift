import Logging
import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Opens the registry at a location, as the environment's `TENSORFLEET_REGISTRY` gives it: a path, `file:///path`, or the URI of
/// a MongoDB database. A directory that does not exist is made; a database is connected to at the first call.
/// - Parameter log: told of what goes wrong beside what was asked for: leftovers that could not be removed.
/// - Throws: `unsupportedLocation` for any other scheme; `invalidLocation` for a URI that is malformed; `io` where the directory
///   cannot be made.
package func openRegistry(
  _ location: String, log: Logger = .silent
) throws(RegistryError) -> any Registry {
  if MongoURI.schemes.contains(where: { location.lowercased().hasPrefix($0) }) {
    do throws(MongoError) {
      return MongoRegistry(sharing: try MongoURI(location, defaultDatabase: MongoRegistry.defaultDatabase), log: log)
    } catch {
      throw .invalidLocation(detail: error.message)
    }
  }
  var path = location
  if location.hasPrefix("file://") {
    guard let url = URL(string: location), ["", "localhost"].contains(url.host() ?? ""), url.path.hasPrefix("/") else {
      throw .unsupportedLocation(location: withoutUserInfo(location))
    }
    path = url.path
  } else if location.contains("://") {
    throw .unsupportedLocation(location: withoutUserInfo(location))
  }
  guard !path.isEmpty else { throw .unsupportedLocation(location: location) }
  return try DirectoryRegistry(root: URL(filePath: path))
}

/// `location` without user and password: it is going into an error message.
private func withoutUserInfo(_ location: String) -> String {
  guard let scheme = location.firstRange(of: "://") else { return location }
  let rest = location[scheme.upperBound...]
  let authority = rest.prefix { $0 != "/" }
  guard let at = authority.lastIndex(of: "@") else { return location }
  return String(location[..<scheme.upperBound]) + "…" + String(rest[at...])
}
