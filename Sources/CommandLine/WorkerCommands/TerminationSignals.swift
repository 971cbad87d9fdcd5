import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// SIGTERM and SIGINT: the first asks the process to end in good order, the second ends it.
final class TerminationSignals: Sendable {
  // Sources are safe to use from any thread, and are only held here so that they live.
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

  /// - Parameter first: called on the first signal, on a queue of its own.
  init(_ first: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "tensorfleet.signals")
    // Of the queue alone.
    nonisolated(unsafe) var count = 0
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        count += 1
        if count == 1 { first() } else { _exit(128 + number) }
      }
      source.resume()
      return source
    }
  }
}
