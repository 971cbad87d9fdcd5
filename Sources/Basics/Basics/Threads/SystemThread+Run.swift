extension SystemThread {
  /// Runs what computes or blocks for long on a thread of its own, while the caller's task holds none of Swift's few.
  ///
  /// It cannot be stopped: whoever is cancelled waits for its end all the same.
  /// - Throws: what `body` throws; ``StartError`` where the system has no thread to give.
  public static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      do throws(StartError) {
        try start { continuation.resume(with: Result { try body() }) }
      } catch { continuation.resume(throwing: error) }
    }
  }
}
