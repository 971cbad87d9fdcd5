import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Cuts a watch's body into lines and reads each as an event; lines of any length.
struct WatchDecoder<Object: Codable & Sendable> {
  private var buffer = Data()

  /// Takes a piece of the body and returns the events that are complete with it.
  mutating func take(_ piece: Data) throws(KubeError) -> [WatchEvent<Object>] {
    var events: [WatchEvent<Object>] = []
    var rest = piece[...]
    while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[rest.startIndex..<newline]
      rest = rest[(newline + 1)...]
      let whole: Data
      if buffer.isEmpty {
        whole = Data(line)
      } else {
        buffer.append(line)
        whole = buffer
        buffer = Data()
      }
      if whole.contains(where: { !Self.isBlank($0) }) { events.append(try Self.event(whole)) }
    }
    buffer.append(rest)
    return events
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0D || byte == 0x09 }

  private struct Envelope<Content: Decodable>: Decodable { var object: Content }
  private struct Kind: Decodable { var type: String }
  private struct Versioned: Decodable { var metadata: ListMeta }

  static func event(_ line: Data) throws(KubeError) -> WatchEvent<Object> {
    let (type, object) = try split(line)
    func content<T: Decodable>(_ wanted: T.Type) throws(KubeError) -> T {
      if let object {
        do { return try KubeClient.decode(wanted, from: object) } catch {
          // Members behind the object end up in its bytes: then the line is read as a whole.
          if let whole = try? KubeClient.decode(Envelope<T>.self, from: line) { return whole.object }
          throw error
        }
      }
      return try KubeClient.decode(Envelope<T>.self, from: line).object
    }
    switch type {
    case "ADDED": return .added(try content(Object.self))
    case "MODIFIED": return .modified(try content(Object.self))
    case "DELETED": return .deleted(try content(Object.self))
    case "BOOKMARK": return .bookmark(resourceVersion: try content(Versioned.self).metadata.resourceVersion ?? "")
    case "ERROR": return .error(try content(Status.self))
    default: throw .decoding("a watch event of unknown type \"\(type)\"")
    }
  }

  /// The type of an event, and its object's bytes where the line has the form that API servers write,
  /// `{"type":"ADDED","object":{…}}`: each object is then decoded once, and nothing twice.
  private static func split(_ line: Data) throws(KubeError) -> (type: String, object: Data?) {
    let opening = Array(#"{"type":""#.utf8)
    let middle = Array(#"","object":"#.utf8)
    if line.starts(with: opening) {
      let name = line.dropFirst(opening.count).prefix { $0 != UInt8(ascii: "\"") }
      let rest = line[name.endIndex...]
      if rest.starts(with: middle), rest.last == UInt8(ascii: "}") {
        return (String(decoding: name, as: UTF8.self), Data(rest.dropFirst(middle.count).dropLast()))
      }
    }
    return (try KubeClient.decode(Kind.self, from: line).type, nil)
  }

  /// The events of a body, read as they are asked for: a consumer that lags holds up the body, not our memory.
  static func events(of body: AsyncThrowingStream<Data, any Error>) -> AsyncThrowingStream<
    WatchEvent<Object>, any Error
  > {
    let source = WatchSource<Object>(body)
    return AsyncThrowingStream(unfolding: { try await source.next() })
  }
}

/// Reads a watch's body piece by piece and hands its events out one by one.
private actor WatchSource<Object: Codable & Sendable> {
  private var pieces: AsyncThrowingStream<Data, any Error>.Iterator
  private var decoder = WatchDecoder<Object>()
  private var ready: ArraySlice<WatchEvent<Object>> = []

  init(_ body: AsyncThrowingStream<Data, any Error>) { pieces = body.makeAsyncIterator() }

  func next() async throws -> WatchEvent<Object>? {
    while ready.isEmpty {
      var iterator = pieces
      let piece = try await iterator.next(isolation: self)
      pieces = iterator
      guard let piece else { return nil }
      ready = try decoder.take(piece)[...]
    }
    return ready.popFirst()
  }
}
