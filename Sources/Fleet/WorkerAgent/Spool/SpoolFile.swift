import Basics
import Registries

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What is known of an entry without reading all of it: the first line of its file.
struct SpoolHeader: Codable, Sendable {
  /// Of the format: a file of another is passed over.
  var version = 1
  var kind: Report.Kind
  var run: String
  var attempt: Int?
  var fingerprint: String?
  /// Points, and those among them, the last one left aside, that are of single steps.
  var points = 0
  var stepPoints = 0
  /// Points that were thinned out of it.
  var thinned = 0
  /// What follows the line, one after the other.
  var parts: [StoredFile] = []
}

/// The file of one entry: the SHA-256 of its header, its header as JSON, a line break, and the parts.
enum SpoolFile {
  private static let contents = "contents.json"
  private static let data = "data"

  /// What to write for a report, piece by piece.
  static func encode(_ report: Report, thinned: Int) throws(RegistryError) -> (header: SpoolHeader, pieces: [Data]) {
    var header = SpoolHeader(kind: report.kind, run: report.run)
    header.attempt = report.attempt
    header.fingerprint = report.fingerprint
    header.points = report.points.count
    header.stepPoints = HistoryThinning.stepPoints(report.points)
    header.thinned = thinned
    var parts: [(name: String, data: Data)]
    switch report {
    case .run(let record): parts = [(contents, try encoded(record))]
    case .history(let points, _): parts = [(contents, try encoded(points))]
    case .checkpoint(var checkpoint):
      let bytes = checkpoint.data
      checkpoint.data = Data()
      parts = [(contents, try encoded(CheckpointFacts(checkpoint))), (data, bytes)]
    case .model(let draft):
      parts = [(contents, try encoded(draft.info))] + draft.files.map { ($0.name, $0.data) }
    case .checkpointsOver: parts = []
    }
    header.parts = parts.map { StoredFile(name: $0.name, size: $0.data.count, sha256: SHA256.hex(of: $0.data)) }
    let json = try encoded(header)
    let line = Data("\(SHA256.hex(of: json)) ".utf8) + json + Data("\n".utf8)
    return (header, [line] + parts.map(\.data))
  }

  /// Reads a header and checks that what follows it has the right length.
  /// - Returns: the header and where the parts begin.
  /// - Throws: `damaged` for a file that was not written to its end, or is none of these.
  static func header(of file: MappedFile) throws(RegistryError) -> (SpoolHeader, start: Int) {
    let bytes = file.bytes
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")), end > 65 else { throw damaged(file) }
    let json = Data(bytes[65..<end])
    guard String(decoding: bytes[..<64], as: UTF8.self) == SHA256.hex(of: json),
      let header = try? JSONDecoder().decode(SpoolHeader.self, from: json), header.version == 1,
      end + 1 + header.parts.reduce(0, { $0 + $1.size }) == bytes.count
    else { throw damaged(file) }
    return (header, end + 1)
  }

  /// Reads the whole entry; a model's and a checkpoint's bytes stay in the file and come into memory as they are looked at.
  /// - Throws: `damaged` where anything is not what was written.
  static func report(in file: MappedFile) throws(RegistryError) -> Report {
    let (header, start) = try header(of: file)
    var offset = start
    var parts: [(name: String, data: Data)] = []
    for part in header.parts {
      let data = file.data(offset..<offset + part.size)
      guard SHA256.hex(of: data) == part.sha256 else { throw damaged(file) }
      parts.append((part.name, data))
      offset += part.size
    }
    switch header.kind {
    case .run: return .run(try decoded(RunRecord.self, parts, file))
    case .history: return .history(try decoded([HistoryPoint].self, parts, file), run: header.run)
    case .checkpoint:
      let facts = try decoded(CheckpointFacts.self, parts, file)
      guard parts.count == 2 else { throw damaged(file) }
      return .checkpoint(facts.checkpoint(parts[1].data))
    case .model:
      let info = try decoded(ModelInfo.self, parts, file)
      return .model(
        ModelDraft(info: info, files: parts.dropFirst().map { ModelDraft.File(name: $0.name, data: $0.data) }))
    case .checkpointsOver: return .checkpointsOver(run: header.run)
    }
  }

  private static func damaged(_ file: MappedFile) -> RegistryError {
    .damaged(what: "the entry \(file.path)", detail: "it is not what was written")
  }

  private static func encoded(_ value: some Encodable) throws(RegistryError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return try encoder.encode(value) } catch {
      throw .invalidContents(detail: "\(type(of: value)) cannot be written: \(error)")
    }
  }

  private static func decoded<Value: Decodable>(
    _ type: Value.Type, _ parts: [(name: String, data: Data)], _ file: MappedFile
  ) throws(RegistryError) -> Value {
    guard let json = parts.first?.data, let value = try? JSONDecoder().decode(type, from: json) else {
      throw damaged(file)
    }
    return value
  }
}

/// A checkpoint without its bytes.
private struct CheckpointFacts: Codable {
  var run: String
  var fingerprint: String
  var attempt: Int
  var epoch: Int
  var step: Int
  var created: Date

  init(_ checkpoint: Checkpoint) {
    run = checkpoint.run
    fingerprint = checkpoint.fingerprint
    attempt = checkpoint.attempt
    epoch = checkpoint.epoch
    step = checkpoint.step
    created = checkpoint.created
  }

  func checkpoint(_ data: Data) -> Checkpoint {
    Checkpoint(
      run: run, fingerprint: fingerprint, attempt: attempt, epoch: epoch, step: step, created: created, data: data)
  }
}
