/// Writes of which each is tried, whatever became of those before it: one that is refused stops no other.
struct Refusals {
  private(set) var errors: [any Error] = []

  /// Runs a write, and keeps what it throws.
  /// - Returns: true where it threw nothing.
  @discardableResult
  mutating func attempt(_ write: () async throws -> Void) async -> Bool {
    do {
      try await write()
      return true
    } catch {
      errors.append(error)
      return false
    }
  }

  /// Runs the writes of one kind together, `width` of them at a time.
  mutating func attemptEach<Item: Sendable>(
    _ items: [Item], width: Int, _ write: @escaping @Sendable (Item) async throws -> Void
  ) async {
    let refused = await withTaskGroup(of: (any Error)?.self) { group in
      var rest = items[...]
      func next() {
        guard let item = rest.popFirst() else { return }
        group.addTask {
          do { try await write(item) } catch { return error }
          return nil
        }
      }
      for _ in 0..<max(1, width) { next() }
      var errors: [any Error] = []
      for await error in group {
        if let error { errors.append(error) }
        next()
      }
      return errors
    }
    errors += refused
  }

  /// - Throws: the first of what was refused: the object is looked at again, after a while.
  func throwFirst() throws { if let error = errors.first { throw error } }
}
