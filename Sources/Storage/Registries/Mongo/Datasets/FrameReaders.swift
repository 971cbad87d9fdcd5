import Mongo
import Synchronization

/// What reading ranges needs again and again: versions that were last read from, and the readers of their files. Neither
/// changes as long as the files are there, so that many ranges cost one look at the record and one at the index.
final class FrameReaders: Sendable {
  /// Of a file of one GiB the index has 40 KiB.
  private static let limit = 16
  private struct State {
    var readers: [(file: BSON, reader: FrameReader)] = []
    var versions: [DatasetDocument] = []
  }
  private let state = Mutex(State())

  func reader(
    of file: BSON, _ make: () async throws(RegistryError) -> FrameReader
  ) async throws(RegistryError) -> FrameReader {
    if let found = state.withLock({ $0.readers.first { $0.file == file }?.reader }) { return found }
    let made = try await make()
    state.withLock { state in
      state.readers.removeAll { $0.file == file }
      if state.readers.count == Self.limit { state.readers.removeFirst() }
      state.readers.append((file, made))
    }
    return made
  }

  /// The version of just this name that was read from before. It may be gone by now: its bytes are too then.
  func version(_ name: String, _ version: String) -> DatasetDocument? {
    state.withLock { $0.versions.first { $0.record.name == name && $0.record.version == version } }
  }

  func keep(_ document: DatasetDocument) {
    state.withLock { state in
      state.versions.removeAll {
        $0.record.name == document.record.name && $0.record.version == document.record.version
      }
      if state.versions.count == Self.limit { state.versions.removeFirst() }
      state.versions.append(document)
    }
  }

  func forget(_ document: DatasetDocument) {
    state.withLock { state in
      state.versions.removeAll {
        $0.record.name == document.record.name && $0.record.version == document.record.version
      }
      state.readers.removeAll { reader in document.files.contains { $0.file == reader.file } }
    }
  }
}
