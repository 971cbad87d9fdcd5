import Foundation
import Registries

/// Work that Ctrl-C and SIGTERM cut short: it is cancelled, tidies up, and the command ends with 128 and the signal's number.
enum Interruptible {
  /// - Parameter left: what is said of what is there then.
  /// - Throws: what `work` throws; `RegistryFailure` where it was interrupted before its end.
  static func run<T: Sendable>(
    _ console: Console, left: String = "nothing is left half-written", _ work: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let task = Task { try await work() }
    let signals = console.signals()
    let watch = Task { () -> Int32? in
      var first: Int32?
      for await number in signals {
        first = first ?? number
        task.cancel()
      }
      return first
    }
    let outcome = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    watch.cancel()
    let signal = await watch.value
    do { return try outcome.get() } catch {
      guard error is CancellationError || error as? RegistryError == .cancelled else { throw error }
      throw RegistryFailure("interrupted; \(left)", exitCode: 128 + (signal ?? SIGINT))
    }
  }
}
