import Basics

/// Where the operator takes time and chance from, and where it runs: the machine, or a test's virtual time.
package struct OperatorRuntime: Sendable {
  package var clock: any RuntimeClock
  /// Where the seeds of all random generators come from.
  package var random: SplitMix64
  /// Where everything runs that is not a child of ``Operator/run()``'s task; nil is Swift's own pool.
  package var executor: (any TaskExecutor)?
  /// False only in a simulation that shows what the fence is for.
  package var fencesWrites = true

  package init(
    clock: any RuntimeClock = .system, random: SplitMix64 = SplitMix64(), executor: (any TaskExecutor)? = nil
  ) {
    self.clock = clock
    self.random = random
    self.executor = executor
  }

  /// The machine's clocks and chance.
  package static var system: OperatorRuntime { OperatorRuntime() }

  /// A generator of its own for one part.
  mutating func generator() -> SplitMix64 { SplitMix64(seed: random.next()) }
}
