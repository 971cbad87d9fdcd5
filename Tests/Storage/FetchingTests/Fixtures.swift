import Basics
import Foundation
import Testing

@testable import Fetching

enum Fixtures {
  /// A fresh directory that is removed after `body`.
  static func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "sources-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
  }

  /// Quick to fail and to try again.
  static func options(_ directory: String, limit: Int = 1 << 24, _ environment: [String: String] = [:]) -> SourceOptions
  {
    var options = SourceOptions(cacheDirectory: directory, maximumCacheBytes: limit, environment: environment)
    options.backoff = .milliseconds(5)
    options.longestBackoff = .seconds(2)
    options.attempts = 4
    return options
  }

  static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
  }

  static func sha256(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.hex()
  }

  static func contents(_ file: SourceFile) -> [UInt8]? {
    FileManager.default.contents(atPath: file.path).map(Array.init)
  }

  /// The error that fetching ends in.
  static func error(_ sources: DataSources, _ uri: String, sha256: String? = nil) async -> SourceError? {
    do {
      _ = try await sources.fetch(uri, sha256: sha256)
      return nil
    } catch {
      return error
    }
  }

  /// Data files in a cache.
  static func cached(_ directory: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.split(separator: "/").count == 4 }.map { String($0.split(separator: "/")[3]) }.sorted()
  }
}
