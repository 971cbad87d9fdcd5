import Dispatch
import Foundation
import Synchronization

/// Whether somebody asked this process to end: Ctrl-C, or SIGTERM from a system that shuts down.
final class Interruption: Sendable {
  private let number = Mutex<Int32?>(nil)
  private let sources: [SendableSource]

  /// Takes over signals as long as the object lives. The second ends the process at once, with 128 + its number: whoever
  /// asks twice does not want to wait for a step to end.
  init(_ numbers: [Int32] = [SIGINT, SIGTERM]) {
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      return SendableSource(source: DispatchSource.makeSignalSource(signal: number, queue: .global()))
    }
    for (number, source) in zip(numbers, sources) {
      source.source.setEventHandler { [weak self] in self?.arrive(number) }
      source.source.resume()
    }
  }

  deinit { for source in sources { source.source.cancel() } }

  /// The signal that came; nil before.
  var signalNumber: Int32? { number.withLock { $0 } }

  private func arrive(_ signal: Int32) {
    number.withLock { number in
      if number != nil { _exit(128 + signal) }
      number = signal
    }
  }
}

/// Dispatch documents its sources as safe to use from any thread; its overlay does not say so to the compiler.
private struct SendableSource: @unchecked Sendable {
  let source: any DispatchSourceSignal
}
