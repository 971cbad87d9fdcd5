import Synchronization

/// One step of a write, where the process may be killed.
package enum WriteStep: String, Sendable, CaseIterable {
  case createFile, writeHalf, writeRest, syncFile, makeDirectory, publish, syncDirectory, removeStaged, append, remove
}

/// Where tests kill a write: after a given number of steps it and all that follow fail, as they would in a process that is
/// no more, and nothing is cleaned up.
package final class FaultPoint: Sendable {
  private let remaining: Mutex<Int>
  private let seen = Mutex<[WriteStep]>([])
  private let refusal: @Sendable (WriteStep) -> RegistryError?

  /// - Parameter after: how many steps still succeed.
  package init(after: Int) {
    remaining = Mutex(after)
    refusal = { _ in nil }
  }

  /// A disk that refuses steps now and then, as a full one does, and goes on working.
  /// - Parameter refusal: what a step fails with; nil lets it happen.
  package init(refusing refusal: @escaping @Sendable (WriteStep) -> RegistryError?) {
    remaining = Mutex(.max)
    self.refusal = refusal
  }

  /// Has all steps from now on fail.
  package func crash() { remaining.withLock { $0 = -1 } }

  package var hasCrashed: Bool { remaining.withLock { $0 < 0 } }
  /// The steps that were begun.
  package var steps: [WriteStep] { seen.withLock { $0 } }

  func reached(_ step: WriteStep) throws(RegistryError) {
    let isAlive = remaining.withLock { remaining in
      remaining = remaining < 0 ? -1 : remaining - 1
      return remaining >= 0
    }
    guard isAlive else { throw .io(operation: step.rawValue, path: "", detail: "injected fault", retryable: true) }
    if let error = refusal(step) { throw error }
    seen.withLock { $0.append(step) }
  }
}
