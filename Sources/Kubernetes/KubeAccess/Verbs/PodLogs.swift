import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which part of a container's log to read (`v1.PodLogOptions`).
public struct LogOptions: Sendable {
  /// Needed where the pod has more than one container.
  public var container: String?
  /// Goes on with new lines until the container ends.
  public var follow: Bool
  /// At most so many lines from the end; nil for all.
  public var tailLines: Int?
  /// Only lines of the last so many seconds.
  public var sinceSeconds: Int?
  /// Puts an RFC 3339 time before each line.
  public var timestamps: Bool
  /// The log of the container's run before this one.
  public var previous: Bool

  public init(
    container: String? = nil, follow: Bool = false, tailLines: Int? = nil, sinceSeconds: Int? = nil,
    timestamps: Bool = false, previous: Bool = false
  ) {
    self.container = container
    self.follow = follow
    self.tailLines = tailLines
    self.sinceSeconds = sinceSeconds
    self.timestamps = timestamps
    self.previous = previous
  }

  var query: [(name: String, value: String)] {
    var items: [(name: String, value: String)] = []
    if let container { items.append(("container", container)) }
    if follow { items.append(("follow", "true")) }
    if let tailLines { items.append(("tailLines", String(tailLines))) }
    if let sinceSeconds { items.append(("sinceSeconds", String(sinceSeconds))) }
    if timestamps { items.append(("timestamps", "true")) }
    if previous { items.append(("previous", "true")) }
    return items
  }
}

extension Resource where Object == Pod {
  /// The lines of a pod's log, as they come. Dropping the stream, or cancelling the task that reads it, closes it; a
  /// reader that lags holds up the server, not our memory.
  /// - Throws: ``KubeError``, also from the stream; 400 where the container has not started or has to be named.
  public func logs(
    _ name: String, _ options: LogOptions = LogOptions()
  ) async throws(KubeError) -> AsyncThrowingStream<String, any Error> {
    let body = try await open(name, subresource: "log", query: options.query)
    let source = LineSource(body)
    return AsyncThrowingStream(unfolding: { try await source.next() })
  }
}

/// Reads a body piece by piece and hands its lines out one by one.
private actor LineSource {
  private var pieces: AsyncThrowingStream<Data, any Error>.Iterator
  private var decoder = LineDecoder()
  private var ready: ArraySlice<String> = []
  private var hasEnded = false

  init(_ body: AsyncThrowingStream<Data, any Error>) { pieces = body.makeAsyncIterator() }

  /// - Throws: ``KubeError/transport(_:)``.
  func next() async throws -> String? {
    while ready.isEmpty, !hasEnded {
      var iterator = pieces
      let piece: Data?
      do {
        piece = try await iterator.next(isolation: self)
      } catch let error as APITransportError {
        throw KubeError.transport(error)
      }
      pieces = iterator
      if let piece {
        ready = decoder.take(piece)[...]
      } else {
        hasEnded = true
        ready = decoder.finish().map { [$0] } ?? []
      }
    }
    return ready.popFirst()
  }
}
