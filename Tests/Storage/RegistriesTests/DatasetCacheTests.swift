import Basics
import Foundation
import Synchronization
import Testing

@testable import Registries

/// The node's cache of data sets: bounded, shared, and nothing half-made in it is ever seen.
@Suite struct DatasetCacheTests {
  let place: TemporaryDirectory
  init() throws { place = try TemporaryDirectory() }

  private var directory: String { place.url.appending(path: "cache").path }
  private func cache(_ bytes: Int) -> DatasetCache {
    DatasetCache(DatasetCacheOptions(directory: directory, maximumBytes: bytes))
  }

  private func record(_ text: String) -> DatasetRecord {
    let file = StoredFile(name: "x", size: text.utf8.count, sha256: SHA256.hex(of: Array(text.utf8)))
    return DatasetRecord(name: "d", version: DatasetRecord.version(of: [file]), files: [file])
  }

  /// Opens a data set of this one text.
  private func open(_ text: String, in cache: DatasetCache, fetches: Counter = Counter()) async throws -> LocalDataset {
    let record = record(text)
    return try await cache.open(record) { target throws(RegistryError) in
      if try target.has(record.files[0]) { return }
      fetches.add()
      let part = try target.part(of: record.files[0])
      try part.resize(to: 0)
      let written = Array(text.utf8).withUnsafeBytes { bytes in
        Result { () throws(RegistryError) in try part.write(bytes, at: 0) }
      }
      try written.get()
      try part.publish(as: target.path(of: record.files[0]))
    }
  }

  final class Counter: Sendable {
    private let count = Mutex(0)
    func add() { count.withLock { $0 += 1 } }
    var value: Int { count.withLock { $0 } }
  }

  private var kept: Set<String> {
    get throws { Set(try FileManager.default.contentsOfDirectory(atPath: directory)).subtracting(["lock"]) }
  }

  @Test func whatIsThereIsNotFetchedAgain() async throws {
    let fetches = Counter()
    for _ in 0..<3 {
      let local = try await open("abc", in: cache(100), fetches: fetches)
      #expect(try String(contentsOfFile: local.path, encoding: .utf8) == "abc")
    }
    #expect(fetches.value == 1)
    // Altered on the disk, it is fetched again.
    let path = try await open("abc", in: cache(100)).path
    try Data("abX".utf8).write(to: URL(filePath: path))
    #expect(
      try await String(contentsOfFile: open("abc", in: cache(100), fetches: fetches).path, encoding: .utf8) == "abc")
    #expect(fetches.value == 2)
  }

  @Test func whatWasUsedLongestAgoGoesFirst() async throws {
    let cache = cache(10)
    for text in ["aaaa", "bbbb"] { _ = try await open(text, in: cache) }
    _ = try await open("aaaa", in: cache)
    _ = try await open("cccc", in: cache)
    #expect(try kept == [record("aaaa").version, record("cccc").version])
  }

  @Test func whatIsInUseStays() async throws {
    let cache = cache(10)
    var first: LocalDataset? = try await open("aaaa", in: cache)
    let second = try await open("bbbb", in: cache)
    do {
      _ = try await open("cccc", in: cache)
      Issue.record("room for what there is no room for")
    } catch let error as RegistryError {
      #expect(error.retryable)
      #expect(error.message.contains("8 are in use"))
      #expect(error.message.contains("TENSORFLEET_REGISTRY_CACHE_BYTES"))
    }
    #expect(try first.map { try String(contentsOfFile: $0.path, encoding: .utf8) } == "aaaa")
    first = nil
    _ = try await open("cccc", in: cache)
    #expect(try kept == [record("bbbb").version, record("cccc").version])
    #expect(try String(contentsOfFile: second.path, encoding: .utf8) == "bbbb")
    do {
      _ = try await open("longer than all of it", in: cache)
      Issue.record("more than the cache holds")
    } catch let error as RegistryError { #expect(!error.retryable) }
  }

  @Test func ofManyAtOnceOneFetches() async throws {
    let fetches = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<12 {
        group.addTask { _ = try await open("abc", in: cache(100), fetches: fetches) }
      }
      try await group.waitForAll()
    }
    #expect(fetches.value == 1)
  }

  @Test func aFetchThatFailsLeavesNothingToSee() async throws {
    let record = record("abc")
    await #expect(throws: RegistryError.cancelled) {
      try await cache(100).open(record) { target throws(RegistryError) in
        _ = try target.part(of: record.files[0])
        throw .cancelled
      }
    }
    let files = URL(filePath: directory).appending(path: "\(record.version)/files")
    #expect(
      try FileManager.default.contentsOfDirectory(
        at: files, includingPropertiesForKeys: nil, options: .skipsHiddenFiles
      )
      .isEmpty)
    // Its part goes with it when room is needed.
    _ = try await open(String(repeating: "x", count: 99), in: cache(100))
    #expect(try kept.count == 1)
  }

  @Test(
    arguments: [
      ([:], "/tmp/.cache/tensorfleet/registry", 10 << 30),
      (["HOME": "/"], "/tmp/.cache/tensorfleet/registry", 10 << 30),
      (["HOME": "/h"], "/h/.cache/tensorfleet/registry", 10 << 30),
      (["XDG_CACHE_HOME": "/x"], "/x/tensorfleet/registry", 10 << 30),
      (["TENSORFLEET_CACHE": "/c", "HOME": "/h"], "/c/registry", 10 << 30),
      (["TENSORFLEET_REGISTRY_CACHE": "/r", "TENSORFLEET_REGISTRY_CACHE_BYTES": "5"], "/r", 5),
      (
        ["TENSORFLEET_REGISTRY_CACHE": "", "TENSORFLEET_REGISTRY_CACHE_BYTES": "much"],
        "/tmp/.cache/tensorfleet/registry", 10 << 30
      ),
    ] as [([String: String], String, Int)])
  func theEnvironmentSaysWhereItIs(_ environment: [String: String], _ directory: String, _ bytes: Int) {
    #expect(
      DatasetCacheOptions(environment: environment) == DatasetCacheOptions(directory: directory, maximumBytes: bytes))
  }
}
