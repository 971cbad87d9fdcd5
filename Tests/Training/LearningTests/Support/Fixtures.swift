import Foundation
import TestSupport
import Testing
import TrainingDefinition

@testable import Learning

/// Things that tests need to make data.
enum Fixtures {
  /// A fresh directory that is removed after `body`.
  static func withDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "learning-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory)
  }

  /// The root of the package.
  static let packageRoot = Repository.root

  /// The 150 rows of Iris that come with the package.
  static let iris = packageRoot.appending(path: "config/samples/iris.csv").path

  /// A directory of larger data sets, where there is one.
  static let largeData: URL? = {
    let named = ProcessInfo.processInfo.environment["TENSORFLEET_TEST_DATA"].map { URL(filePath: $0) }
    let candidates = [named, packageRoot.deletingLastPathComponent().appending(path: "shared/data")]
    return candidates.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  /// The error that `body` throws; records an issue when it throws none.
  static func error<Result, Failure: Error>(
    _ location: SourceLocation = #_sourceLocation, from body: () throws(Failure) -> Result
  ) -> Failure? {
    do throws(Failure) {
      _ = try body()
      Issue.record("no error was thrown", sourceLocation: location)
      return nil
    } catch {
      return error
    }
  }

  /// A request for CSV data whose target is `y`.
  static func request(target: String? = "y", drop: [String] = [], testFraction: Double = 0) -> DatasetRequest {
    DatasetRequest(uri: "unused.csv", targetColumn: target, dropColumns: drop, testFraction: testFraction)
  }

  /// Uniform numbers in [−1, 1).
  static func uniform(_ count: Int, seed: UInt64) -> [Float] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in random.uniform(-1, 1) }
  }
}
