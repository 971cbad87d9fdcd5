import Foundation

/// Memory to compute in, lent to whoever computes and made when nobody gave any back: never more than there are threads
/// at work.
final class Benches<Bench> {
  private let make: () -> Bench
  private let lock = NSLock()
  private var free: [Bench] = []

  init(_ make: @escaping () -> Bench) { self.make = make }

  /// Calls `body` with memory that nobody else has meanwhile. May be called by several threads at once.
  func lend<Result>(_ body: (Bench) -> Result) -> Result {
    let bench = lock.withLock { free.popLast() } ?? make()
    defer { lock.withLock { free.append(bench) } }
    return body(bench)
  }
}

extension ThreadPool {
  /// What `body` makes of each of 0..<`parts`, in that order; see `run`.
  func map<Result>(_ parts: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: parts) { slots, filled in
      let slots = slots
      run(parts) { part in slots.initializeElement(at: part, to: body(part)) }
      filled = parts
    }
  }
}
