import Mongo
import Synchronization

/// Readers of the files that were last read from: a file's index does not change as long as the file is there, so reading
/// many ranges fetches it once.
final class FrameReaders: Sendable {
  /// Of a file of one GiB the index has 40 KiB.
  private static let limit = 16
  private let known = Mutex<[(file: BSON, reader: FrameReader)]>([])

  func reader(
    of file: BSON, _ make: () async throws(RegistryError) -> FrameReader
  ) async throws(RegistryError) -> FrameReader {
    if let found = known.withLock({ $0.first { $0.file == file }?.reader }) { return found }
    let made = try await make()
    known.withLock { known in
      known.removeAll { $0.file == file }
      if known.count == Self.limit { known.removeFirst() }
      known.append((file, made))
    }
    return made
  }
}
