import Basics

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

extension DirectoryRegistry {
  private func directory(ofRun id: String) throws(RegistryError) -> String {
    "\(root)/runs/\(try RegistryName.checked(id, "run"))"
  }

  // One file for each attempt, which the worker of that attempt alone writes.

  package func putRun(_ run: RunRecord) async throws(RegistryError) {
    let directory = try directory(ofRun: run.id)
    try await blocking { () throws(RegistryError) in
      try files.makeDirectory(directory)
      try files.replace("\(directory)/run-\(run.attempt).json", with: encoded(run))
    }
  }

  package func run(_ id: String) async throws(RegistryError) -> RunRecord {
    let attempts = try await runAttempts(id)
    guard let newest = attempts.last else { throw .notFound(kind: "run", name: id, known: []) }
    return newest
  }

  package func runAttempts(_ id: String) async throws(RegistryError) -> [RunRecord] {
    let directory = try directory(ofRun: id)
    return try await blocking { () throws(RegistryError) in
      let found = try attempts(of: id, in: directory)
      guard !found.isEmpty else { throw .notFound(kind: "run", name: id, known: []) }
      return found
    }
  }

  package func listRuns(_ query: RunQuery) async throws(RegistryError) -> Page<RunRecord> {
    try await blocking { () throws(RegistryError) in
      var runs: [RunRecord] = []
      for id in try files.names(in: "\(root)/runs") {
        // One that has a history but no record yet is not listed.
        if let run = try attempts(of: id, in: "\(root)/runs/\(id)").last { runs.append(run) }
      }
      return query.page(of: runs.sorted { ($1.created, $0.id) < ($0.created, $1.id) })
    }
  }

  private func attempts(of id: String, in directory: String) throws(RegistryError) -> [RunRecord] {
    var runs: [RunRecord] = []
    for name in try files.names(in: directory) where name.hasPrefix("run") && name.hasSuffix(".json") {
      if let run = try record(RunRecord.self, at: "\(directory)/\(name)", of: "run \(id)") { runs.append(run) }
    }
    return runs.sorted { $0.attempt < $1.attempt }
  }

  // MARK: History

  // One file of lines for each attempt and rank, so that it has one writer. A line is its SHA-256's first half and a point as
  // JSON. Each write begins with a line break: a line that a killed writer left unfinished spoils no other.

  package func appendHistory(_ points: [HistoryPoint], run: String) async throws(RegistryError) {
    let directory = try directory(ofRun: run)
    guard !points.isEmpty else { return }
    try await blocking { () throws(RegistryError) in
      try files.makeDirectory(directory)
      for (rank, points) in Dictionary(grouping: points, by: { "\($0.key.attempt)-\($0.key.rank)" }) {
        var lines = Data("\n".utf8)
        for point in points.sorted(by: { $0.key < $1.key }) {
          let json = try encoded(point)
          lines += Data("\(Self.mark(of: json)) ".utf8) + json + Data("\n".utf8)
        }
        try append(lines, to: "\(directory)/history-\(rank)")
      }
    }
  }

  private func append(_ lines: Data, to path: String) throws(RegistryError) {
    let isNew = !Posix.exists(path)
    try files.reached(.createFile)
    let descriptor = try Posix.open(path, O_WRONLY | O_CREAT | O_APPEND, operation: "append to")
    defer { close(descriptor) }
    let half = lines.count / 2
    for piece in files.faults == nil ? [lines] : [lines.prefix(half), lines.dropFirst(half)] {
      try files.reached(.append)
      let outcome = piece.withUnsafeBytes { bytes in
        Result { () throws(RegistryError) in try Posix.write(bytes, to: descriptor, path) }
      }
      try outcome.get()
    }
    try files.reached(.syncFile)
    try Posix.sync(descriptor, path)
    if isNew { try files.syncDirectory(of: path) }
  }

  package func history(run: String) async throws(RegistryError) -> [HistoryPoint] {
    let directory = try directory(ofRun: run)
    return try await blocking { () throws(RegistryError) in
      var points: [HistoryPoint.Key: HistoryPoint] = [:]
      for name in try files.names(in: directory) where name.hasPrefix("history-") {
        let lines = try FileDigest.contents("\(directory)/\(name)") ?? Data()
        for line in lines.split(separator: UInt8(ascii: "\n")) {
          guard let point = intact(line), points[point.key] == nil else { continue }
          points[point.key] = point
        }
      }
      return points.values.sorted { $0.key < $1.key }
    }
  }

  private func intact(_ line: Data) -> HistoryPoint? {
    guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    let json = Data(line[line.index(after: space)...])
    guard String(decoding: line[..<space], as: UTF8.self) == Self.mark(of: json) else { return nil }
    return try? decoded(HistoryPoint.self, from: json, of: "a point")
  }

  private static func mark(of json: Data) -> String { String(SHA256.hex(of: json).prefix(32)) }

  package func deleteRun(_ id: String) async throws(RegistryError) {
    let directory = try directory(ofRun: id)
    try await blocking { () throws(RegistryError) in try files.discard(directory) }
  }
}
