import Registries

/// Asking for what may not be there.
enum Lookup {
  /// What `body` returns; nil where there is no such thing.
  static func ifPresent<T: Sendable>(
    _ body: () async throws(RegistryError) -> T
  ) async throws(RegistryError) -> T? {
    do { return try await body() } catch {
      guard case .notFound = error else { throw error }
      return nil
    }
  }
}
