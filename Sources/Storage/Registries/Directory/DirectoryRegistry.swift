import Dispatch

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A ``Registry`` in a directory of a local or shared file system.
///
///     datasets/<name>/<version>/manifest.json, files/…     datasets/<name>/current
///     checkpoints/<run>/<number>
///     models/<name>/v<number>/model.json, files/…
///     runs/<run>/run.json, history-<attempt>-<rank>
///     .staging/                                            what is not yet, or no more, any of these
///
/// Safe between processes: a version is claimed by one rename() or link(), of which the kernel lets one writer succeed.
package struct DirectoryRegistry: Registry {
  /// An absolute path without a slash at its end.
  let root: String
  let files: DurableFiles
  private let queue = DispatchQueue(label: "tensorfleet.registry", attributes: .concurrent)

  /// What writers killed an hour ago left behind is theirs no more: no write takes that long.
  package static let leftoverAge = 3600.0

  /// Opens the registry, makes its directory where it does not exist, and removes what killed writers left behind.
  /// - Parameters:
  ///   - leftoverAge: seconds since its last change after which a staged file is taken for left behind.
  ///   - faults: where tests kill writes.
  package init(
    root: URL, leftoverAge: Double = Self.leftoverAge, faults: FaultPoint? = nil
  ) throws(RegistryError) {
    var path = root.absoluteURL.path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.root = path
    files = DurableFiles(staging: path + "/.staging", faults: faults)
    try files.makeDirectory(files.staging)
    try files.sweep(olderThan: leftoverAge)
  }

  package var location: String { root }

  package func check() async throws(RegistryError) {
    try await blocking { () throws(RegistryError) in _ = try files.names(in: root) }
  }

  /// Runs blocking work off Swift's own few threads, which must go on serving everything else.
  func blocking<T: Sendable>(
    _ work: @escaping @Sendable () throws(RegistryError) -> T
  ) async throws(RegistryError) -> T {
    let outcome: Result<T, RegistryError> = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: Result(catching: work)) }
    }
    return try outcome.get()
  }

  /// Like ``blocking(_:)``, for work that takes long: it is told when whoever asked has been cancelled.
  func cancellable<T: Sendable>(
    _ work: @escaping @Sendable (Cancellation) throws(RegistryError) -> T
  ) async throws(RegistryError) -> T {
    let cancellation = Cancellation()
    let outcome: Result<T, RegistryError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async {
          continuation.resume(returning: Result { () throws(RegistryError) in try work(cancellation) })
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
    return try outcome.get()
  }

  // MARK: Small JSON files

  func encoded<T: Encodable>(_ value: T) throws(RegistryError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    do { return try encoder.encode(value) } catch {
      // JSON has no NaN and no infinity.
      throw .invalidContents(detail: "\(T.self) cannot be written: \(error)")
    }
  }

  func decoded<T: Decodable>(_ type: T.Type, from data: Data, of what: String) throws(RegistryError) -> T {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    do { return try decoder.decode(type, from: data) } catch {
      throw .damaged(what: what, detail: "its record cannot be read")
    }
  }

  /// The record in the file at `path`; nil where there is none.
  func record<T: Decodable>(_ type: T.Type, at path: String, of what: String) throws(RegistryError) -> T? {
    guard let data = try FileDigest.contents(path) else { return nil }
    return try decoded(type, from: data, of: what)
  }
}
