import ArgumentParser
import Basics
import Dispatch
import Foundation
import Mongo
import Registries

/// One transfer between a file and the registry in MongoDB, in a process of its own, for hack/bench/registry.
struct RegistryBench: AsyncParsableCommand {
  enum Action: String, ExpressibleByArgument {
    /// Put the file.
    case put
    /// Bring the file to a directory.
    case get
    /// Read ranges.
    case read
  }

  @Argument(help: "put, get or read.") var action: Action
  @Option(help: "The data set.") var name = "bench"
  @Option(help: "put: the file; get: the directory that it is brought to.") var path = ""
  @Option(help: "read: ranges as FIRST:END in bytes, separated by commas.") var ranges = ""

  mutating func run() async throws {
    guard let uri = ProcessInfo.processInfo.environment["BENCH_MONGODB_URI"] else {
      throw ValidationError("BENCH_MONGODB_URI has the URI")
    }
    let registry = MongoRegistry(MongoClient(try MongoURI(uri)))
    // Connections and indexes are there before the clock starts, as they are for the peer.
    try await registry.check()
    let ranges = try parsed()
    let clock = ContinuousClock()
    let begin = clock.now
    let bytes: Int
    switch action {
    case .put: bytes = try await registry.putDataset(name, from: path).size
    case .get: bytes = try await registry.exportDataset(name, version: nil, to: path, progress: nil).size
    case .read:
      let version = try await registry.dataset(name, version: nil).version
      var sum = 0
      for range in ranges {
        sum += try await registry.readDataset(name, version: version, file: nil, range: range).count
      }
      bytes = sum
    }
    let seconds = begin.duration(to: clock.now) / .seconds(1)
    let usage = ProcessUsage.now()
    print(
      "{\"bytes\": \(bytes), \"seconds\": \(seconds), \"cpuSeconds\": \(usage.cpuSeconds), "
        + "\"peakBytes\": \(usage.peakBytes)}")
  }

  private func parsed() throws -> [Range<Int>] {
    try ranges.split(separator: ",").map { text in
      let ends = text.split(separator: ":").compactMap { Int($0) }
      guard ends.count == 2, ends[0] <= ends[1] else { throw ValidationError("\(text) is no range") }
      return ends[0]..<ends[1]
    }
  }
}

/// As the command line's: one heap, before there are threads.
@main
enum Program {
  static func main() {
    TransferHeap.prepare()
    Task {
      await RegistryBench.main()
      exit(EXIT_SUCCESS)
    }
    dispatchMain()
  }
}
