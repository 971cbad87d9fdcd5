#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A directory of the user's to which a data set's files are brought. Each appears under its name when it is whole and
/// verified; until then it is a hidden file named after its contents, which another attempt goes on with.
struct ExportDirectory: Sendable {
  let path: String

  /// Makes the directory, and those above it, where it does not exist.
  /// - Throws: `io`.
  init(_ path: String) throws(RegistryError) {
    var clean = path
    while clean.count > 1, clean.hasSuffix("/") { clean.removeLast() }
    self.path = clean
    try Self.make(clean)
  }

  private static func make(_ path: String) throws(RegistryError) {
    if Posix.exists(path) { return }
    let parent = DurableFiles.parent(of: path)
    if parent != path { try make(parent) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Posix.failure("create the directory", path) }
  }

  func path(of file: StoredFile) -> String { "\(path)/\(file.name)" }

  /// Whether the file is there already.
  func has(_ file: StoredFile) throws(RegistryError) -> Bool {
    var status = stat()
    guard stat(path(of: file), &status) == 0, Int(status.st_size) == file.size else { return false }
    return try FileDigest.read(path(of: file)).sha256 == file.sha256
  }

  /// What is there of the file, locked until the part is let go.
  func part(of file: StoredFile) throws(RegistryError) -> PartFile { try PartFile("\(path)/.\(file.sha256).part") }
}
