import Basics

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What stands before a checkpoint's bytes in its file, as one line of JSON.
private struct CheckpointHeader: Codable {
  var run: String
  var fingerprint: String
  var attempt: Int
  var epoch: Int
  var step: Int
  var created: Date
  var size: Int
  var sha256: String
}

extension DirectoryRegistry {
  private func directory(ofCheckpoints run: String) throws(RegistryError) -> String {
    "\(root)/checkpoints/\(try RegistryName.checked(run, "run"))"
  }

  package func saveCheckpoint(_ checkpoint: Checkpoint, keeping: Int) async throws(RegistryError) {
    let directory = try directory(ofCheckpoints: checkpoint.run)
    try await blocking { () throws(RegistryError) in
      try files.makeDirectory(directory)
      let header = CheckpointHeader(
        run: checkpoint.run, fingerprint: checkpoint.fingerprint, attempt: checkpoint.attempt,
        epoch: checkpoint.epoch, step: checkpoint.step, created: checkpoint.created, size: checkpoint.data.count,
        sha256: SHA256.hex(of: checkpoint.data))
      let line = try encoded(header) + Data("\n".utf8)
      try files.staged { staged throws(RegistryError) in
        try files.write([line, checkpoint.data], to: staged)
        var number = (try numbers(in: directory).last ?? 0) + 1
        while try !files.claim("\(directory)/\(Self.padded(number))", with: staged) { number += 1 }
      }
      for number in try numbers(in: directory).dropLast(max(1, keeping)) {
        try files.remove("\(directory)/\(Self.padded(number))")
      }
    }
  }

  package func newestCheckpoint(run: String, fingerprint: String) async throws(RegistryError) -> Checkpoint? {
    let directory = try directory(ofCheckpoints: run)
    return try await blocking { () throws(RegistryError) in
      for number in try numbers(in: directory).reversed() {
        // A file may go between the listing and the reading: another worker of the run keeps only the last ones.
        guard let contents = try FileDigest.contents("\(directory)/\(Self.padded(number))") else { continue }
        if let checkpoint = intact(contents), checkpoint.fingerprint == fingerprint { return checkpoint }
      }
      return nil
    }
  }

  private func intact(_ contents: Data) -> Checkpoint? {
    guard let end = contents.firstIndex(of: UInt8(ascii: "\n")),
      let header = try? decoded(CheckpointHeader.self, from: contents[..<end], of: "a checkpoint")
    else { return nil }
    let data = Data(contents[contents.index(after: end)...])
    guard data.count == header.size, SHA256.hex(of: data) == header.sha256 else { return nil }
    return Checkpoint(
      run: header.run, fingerprint: header.fingerprint, attempt: header.attempt, epoch: header.epoch,
      step: header.step, created: header.created, data: data)
  }

  package func deleteCheckpoints(run: String) async throws(RegistryError) {
    let directory = try directory(ofCheckpoints: run)
    try await blocking { () throws(RegistryError) in try files.discard(directory) }
  }

  private func numbers(in directory: String) throws(RegistryError) -> [Int] {
    try files.names(in: directory).compactMap { Int($0) }.sorted()
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 10 - digits.count)) + digits
  }
}
