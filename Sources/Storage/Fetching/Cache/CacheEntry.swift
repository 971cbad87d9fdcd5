#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#endif

/// One object's place in the cache: a directory with a lock, a description, perhaps a partial file, and the data.
///
/// `lock` is held by whoever downloads. The data file itself carries a shared lock for each of its users and is named
/// `<first digits of its checksum>/<file name>`, so that new content never takes the place of old under a user's hands.
struct CacheEntry {
  /// What is known about the data.
  struct Description: Codable, Equatable {
    /// Without secrets: for people who look into the cache.
    var uri: String
    var eTag: String?
    var sha256: String
    var size: Int
    /// The data file, from the entry's directory.
    var file: String
  }

  let directory: String

  var lockPath: String { directory + "/lock" }
  var partPath: String { directory + "/part" }
  private var descriptionPath: String { directory + "/entry.json" }

  /// nil where there is no data, or not all of it.
  func description() -> Description? {
    guard let data = FileManager.default.contents(atPath: descriptionPath),
      let description = try? JSONDecoder().decode(Description.self, from: data)
    else { return nil }
    var status = stat()
    guard stat(path(description), &status) == 0, Int(status.st_size) == description.size else { return nil }
    return description
  }

  func path(_ description: Description) -> String { directory + "/" + description.file }

  /// Takes the finished partial file in.
  func keep(_ part: PartialFile, _ description: Description) throws(SourceError) {
    let path = path(description)
    try Posix.makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
    try part.finish(as: path)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let written = (try? encoder.encode(description).write(to: URL(filePath: descriptionPath), options: .atomic)) != nil
    guard written else { throw Posix.failure("write", descriptionPath) }
  }
}
