import Fetching
import Foundation

/// Data that lies elsewhere, `https://` and `s3://`, brought into the cache of this machine.
enum RemoteData {
  /// The file's copy, verified where the URI ends in `#sha256=…`; it stays as long as the result is kept.
  /// - Throws: `CommandFailure`.
  static func fetch(_ uri: String, environment: [String: String]) async throws(CommandFailure) -> SourceFile {
    do throws(SourceError) {
      return try await DataSources(SourceOptions(environment: environment)).fetch(uri)
    } catch {
      throw error.retryable ? .work(error.message) : .input(error.message.replacing("dataset.uri", with: "--data"))
    }
  }
}
