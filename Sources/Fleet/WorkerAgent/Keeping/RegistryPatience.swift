import Basics
import KubeRuntime
import Registries

/// Asks the registry again and again while it is away.
struct RegistryPatience: Sendable {
  let clock: any RuntimeClock
  let control: TrainingControl

  enum Answer<Value: Sendable>: Sendable {
    case value(Value)
    /// The task shall stop, or this was cancelled.
    case stopped
    /// The deadline came first.
    case gaveUp(RegistryError)
  }

  private static let backoff = Backoff(initial: .milliseconds(100), cap: .seconds(5))
  /// How often a stop is looked for.
  private static let look = Duration.milliseconds(100)

  /// Calls until there is an answer, the task shall stop, or `deadline` has come; nil waits for as long as it takes.
  /// - Parameter onFailure: told of each failure that may pass.
  /// - Throws: what the registry says for good.
  func ask<Value: Sendable>(
    until deadline: Duration? = nil, onFailure: (RegistryError) async -> Void,
    _ call: @escaping @Sendable () async throws(RegistryError) -> Value
  ) async throws(RegistryError) -> Answer<Value> {
    var random = SplitMix64()
    var failures = 0
    while true {
      guard let result = await stoppable(call) else { return .stopped }
      switch result {
      case .success(let value): return .value(value)
      case .failure(let error):
        guard error.retryable else { throw error }
        failures += 1
        let next = clock.now + Self.backoff.delay(afterFailures: failures, using: &random)
        if let deadline, next >= deadline { return .gaveUp(error) }
        await onFailure(error)
        while clock.now < next {
          if control.stop != nil || Task.isCancelled { return .stopped }
          try? await clock.sleep(until: min(next, clock.now + Self.look))
        }
      }
    }
  }

  /// One call, which ends early where the task shall stop: nil then.
  private func stoppable<Value: Sendable>(
    _ call: @escaping @Sendable () async throws(RegistryError) -> Value
  ) async -> Result<Value, RegistryError>? {
    let work = Task { () -> Result<Value, RegistryError> in
      do throws(RegistryError) { return .success(try await call()) } catch { return .failure(error) }
    }
    let watch = Task {
      while !Task.isCancelled, control.stop == nil { try? await clock.sleep(for: Self.look) }
      if control.stop != nil { work.cancel() }
    }
    let result = await withTaskCancellationHandler {
      await work.value
    } onCancel: {
      work.cancel()
    }
    watch.cancel()
    if case .success = result { return result }
    return control.stop != nil || Task.isCancelled ? nil : result
  }
}
