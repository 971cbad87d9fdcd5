import Dispatch
import Foundation
import Synchronization

/// Signals of this process as a stream: while it is iterated they do nothing else.
package struct Signals: Sendable {
  /// The numbers of the signals that came, in order.
  package let stream: AsyncStream<Int32>

  /// Takes over signals, for good. The second ends the process at once, with 128 + its number: whoever asks twice does not want
  /// to wait. That does not depend on any task: it works where all of them are stuck.
  package init(_ numbers: [Int32] = [SIGINT, SIGTERM]) {
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    self.stream = stream
    let seen = Tally()
    let sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let count = seen.count()
        guard count == 1 else { _exit(128 + number) }
        continuation.yield(number)
      }
      source.resume()
      return SendableSource(source)
    }
    continuation.onTermination = { _ in
      for source in sources { source.source.cancel() }
    }
  }
}

/// Dispatch documents its sources as safe to use from any thread; its overlay does not say so to the compiler.
private struct SendableSource: @unchecked Sendable {
  let source: any DispatchSourceSignal
  init(_ source: any DispatchSourceSignal) { self.source = source }
}

/// Counts calls from any thread.
private final class Tally: Sendable {
  private let value = Mutex(0)
  func count() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}
