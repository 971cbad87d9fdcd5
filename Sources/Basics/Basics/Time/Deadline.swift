/// Runs `operation` until `deadline`: its value, or nil when the deadline came first. `operation` is cancelled then and
/// waited for, so nothing of it runs on after the return.
/// - Throws: what `operation` throws before the deadline.
public func until<Value: Sendable>(
  _ deadline: Duration, on clock: any RuntimeClock, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
  try await withThrowingTaskGroup(of: Optional<Value>.self) { group in
    group.addTask { .some(try await operation()) }
    group.addTask {
      // A cancelled sleep means that the operation is over, or that all of us are cancelled.
      try? await clock.sleep(until: deadline)
      return nil
    }
    defer { group.cancelAll() }
    return try await group.next() ?? nil
  }
}
