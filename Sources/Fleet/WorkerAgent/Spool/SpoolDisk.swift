import Registries

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The entries of a spool as files: `entries/<number>`, which appear whole or not at all, in the order of their numbers.
struct SpoolDisk: Sendable {
  private let root: String
  private let entries: String
  private let files: DurableFiles

  init(root: String, faults: FaultPoint?) {
    self.root = root
    entries = root + "/entries"
    files = DurableFiles(staging: root + "/.staging", faults: faults)
  }

  /// The entries that an earlier process left, in order. What it was writing when it was killed is removed, and what
  /// cannot be read is passed over and removed, too.
  func scan(passedOver: (String) -> Void) throws(RegistryError) -> [(number: Int, header: SpoolHeader, bytes: Int)] {
    try files.sweep(olderThan: -1)
    var found: [(number: Int, header: SpoolHeader, bytes: Int)] = []
    for name in try files.names(in: entries) {
      guard let number = Int(name) else { continue }
      let file = try MappedFile(path(number))
      do {
        found.append((number, try SpoolFile.header(of: file).0, Self.space(file.bytes.count)))
      } catch {
        passedOver(name)
        try files.remove(path(number))
      }
    }
    return found.sorted { $0.number < $1.number }
  }

  func read(_ number: Int) throws(RegistryError) -> Report { try SpoolFile.report(in: MappedFile(path(number))) }

  /// Bytes that a report would take.
  static func space(for pieces: [Data]) -> Int { space(pieces.reduce(0) { $0 + $1.count }) }

  /// Writes an entry, in place of one that has its number already; on return it is durable.
  func write(_ number: Int, _ pieces: [Data]) throws(RegistryError) {
    try prepare()
    try files.staged { staged throws(RegistryError) in
      try files.write(pieces, to: staged)
      try files.replace(path(number), with: staged)
    }
  }

  func remove(_ number: Int) throws(RegistryError) { try files.remove(path(number)) }

  /// Removes the spool's directories where there is nothing in them.
  func removeIfEmpty() {
    for directory in [files.staging, entries, root] { rmdir(directory) }
  }

  private func prepare() throws(RegistryError) {
    if access(entries, F_OK) == 0, access(files.staging, F_OK) == 0 { return }
    try files.makeDirectory(root)
    // Data of the users' is in it: the last batch of a table may be guessed from a model.
    guard chmod(root, 0o700) == 0 else {
      throw .io(operation: "protect", path: root, detail: String(cString: strerror(errno)), retryable: true)
    }
    try files.makeDirectory(entries)
    try files.makeDirectory(files.staging)
  }

  private func path(_ number: Int) -> String {
    let digits = String(number)
    return entries + "/" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
  }

  /// Files take whole blocks of a disk.
  private static func space(_ bytes: Int) -> Int { (bytes + 4095) & ~4095 }
}
