import Basics
import Foundation
import Synchronization
import TestSupport
import Testing

/// The operator under faults, in virtual time: hundreds of stories, each of which its seed replays byte for byte.
///
/// `TENSORFLEET_SEED` replays one story, `TENSORFLEET_SIMULATIONS` is how many are played, and
/// `TENSORFLEET_SIMULATED_BUG=unfenced` takes away the fence of deposed leaders, so that one can see a failure.
@Suite(.serialized) struct SimulationTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let count = environment["TENSORFLEET_SIMULATIONS"].flatMap { Int($0) } ?? 120
  private static let fencesWrites = environment["TENSORFLEET_SIMULATED_BUG"] != "unfenced"
  private static let traces = Repository.root.appending(path: ".build/simulations")

  private static func write(_ trace: String, _ name: String) throws -> String {
    try FileManager.default.createDirectory(at: traces, withIntermediateDirectories: true)
    let file = traces.appending(path: name)
    try Data(trace.utf8).write(to: file)
    return file.path
  }

  @Test func `whatever breaks, jobs are completed and counted once, and only the leader writes`() throws {
    var seeds: [UInt64] = []
    try forEachSeed(Self.count) { seeds.append($0) }
    let start = ContinuousClock.now
    let tally = Tally(seeds)
    // Stories know nothing of each other: they are played on all processors, by threads that may block.
    let threads = DispatchGroup()
    for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
      threads.enter()
      let thread = Thread {
        while let seed = tally.nextSeed() {
          tally.take(Scenario(seed: seed, fencesWrites: Self.fencesWrites).run(), seed: seed)
        }
        threads.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    threads.wait()
    let (faults, lines, failures) = tally.sums
    for (seed, outcome) in failures.sorted(by: { $0.key < $1.key }) {
      let file = try Self.write(outcome.trace, "\(seed).trace")
      Issue.record(
        """
        seed \(seed): \(outcome.problems.joined(separator: "; "))
        replay: TENSORFLEET_SEED=\(seed) hack/test unit --filter SimulationTests
        trace: \(file)
        """)
    }
    let told = faults.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
    print("simulations: \(seeds.count) with \(lines) events in \(ContinuousClock.now - start): \(told)")
    // One alone may see none.
    #expect(seeds.count < 20 || (faults["thaw"] ?? 0) > 0, "a leader that thaws is what the fence is for")
  }

  /// What came of all stories.
  private final class Tally: Sendable {
    private let state = Mutex<(faults: [String: Int], lines: Int, failures: [UInt64: Scenario.Outcome])>(([:], 0, [:]))
    private let seeds: Mutex<[UInt64]>

    init(_ seeds: [UInt64]) { self.seeds = Mutex(seeds) }

    func nextSeed() -> UInt64? { seeds.withLock { $0.popLast() } }

    var sums: (faults: [String: Int], lines: Int, failures: [UInt64: Scenario.Outcome]) { state.withLock { $0 } }

    func take(_ outcome: Scenario.Outcome, seed: UInt64) {
      state.withLock { state in
        state.faults.merge(outcome.faults) { $0 + $1 }
        state.lines += outcome.trace.utf8.count { $0 == UInt8(ascii: "\n") }
        if !outcome.problems.isEmpty { state.failures[seed] = outcome }
      }
    }
  }

  @Test func `two runs of one seed are the same, byte for byte`() throws {
    try forEachSeed(3) { seed in
      let first = Scenario(seed: seed).run().trace
      let second = Scenario(seed: seed).run().trace
      #expect(first.utf8.count > 10_000)
      try expectEqual(first, second, seed)
    }
  }

  /// Swift seeds its hashing anew in each process: what depended on the order of a set would differ here.
  @Test func `another process plays the same story`() async throws {
    let seed: UInt64 = environmentSeed.flatMap { UInt64($0) } ?? .random(in: 1...1_000_000)
    let file = Self.traces.appending(path: "\(seed).other")
    try FileManager.default.createDirectory(at: Self.traces, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(at: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["--testing-library", "swift-testing", "--filter", "SimulationTests.writesItsTrace"]
    var environment = Self.environment
    environment["TENSORFLEET_SEED"] = String(seed)
    environment["TENSORFLEET_TRACE"] = file.path
    environment["SWIFT_DETERMINISTIC_HASHING"] = nil
    process.environment = environment
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let trace = Scenario(seed: seed).run().trace
    while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    let other = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    try expectEqual(trace, other, seed)
    try FileManager.default.removeItem(at: file)
  }

  /// The other process's part.
  @Test(.enabled(if: environment["TENSORFLEET_TRACE"] != nil)) func writesItsTrace() throws {
    let seed = try #require(environmentSeed.flatMap { UInt64($0) })
    let file = try #require(Self.environment["TENSORFLEET_TRACE"])
    try Data(Scenario(seed: seed).run().trace.utf8).write(to: URL(fileURLWithPath: file))
  }

  private func expectEqual(_ first: String, _ second: String, _ seed: UInt64) throws {
    if first == second { return }
    let lines = (first.split(separator: "\n"), second.split(separator: "\n"))
    let place = zip(lines.0, lines.1).enumerated().first { $0.element.0 != $0.element.1 }
    let files = (try Self.write(first, "\(seed).first"), try Self.write(second, "\(seed).second"))
    Issue.record(
      """
      seed \(seed): the runs part at line \((place?.offset ?? 0) + 1):
      \(place?.element.0 ?? "(shorter)")
      \(place?.element.1 ?? "(shorter)")
      traces: \(files.0) \(files.1)
      """)
  }
}
