import Foundation
import Mongo
import Registries
import Synchronization
import Testing

/// The MongoDB that tests are run against, where there is one.
enum TestServer {
  static let uri = ["TENSORFLEET_TEST_MONGODB_URI", "MONGODB_URI"].lazy
    .compactMap { ProcessInfo.processInfo.environment[$0] }.first { !$0.isEmpty }
  static var isThere: Bool { uri != nil }

  /// The database that servers are told things in.
  static var admin: MongoClient? {
    uri.flatMap { try? MongoURI($0).with(database: "admin") }.map { MongoClient($0) }
  }

  /// A client of this database, with connections of its own, as another process would have.
  /// - Parameter option: one more for the URI.
  static func client(
    _ database: String, _ options: MongoOptions = MongoOptions(appName: "tests"), option: String? = nil
  ) throws -> MongoClient {
    Databases.current?.note(database)
    var uri = try #require(uri)
    if let option { uri += "\(uri.contains("?") ? "&" : "/?")\(option)" }
    return MongoClient(try MongoURI(uri).with(database: database), options: options)
  }
}

/// The databases that a test has made.
final class Databases: Sendable {
  @TaskLocal static var current: Databases?
  private let names = Mutex<Set<String>>([])

  func note(_ name: String) { _ = names.withLock { $0.insert(name) } }

  func drop() async {
    for name in names.withLock({ $0 }) {
      do { try await TestServer.client(name).dropDatabase() } catch { Issue.record("\(name) is still there: \(error)") }
    }
  }
}

/// Removes the databases that a test has made when it is over.
struct DatabasesOfTheirOwn: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    let databases = Databases()
    do {
      try await Databases.$current.withValue(databases) { try await function() }
    } catch {
      await databases.drop()
      throw error
    }
    await databases.drop()
  }
}

extension Trait where Self == DatabasesOfTheirOwn {
  static var databasesOfTheirOwn: Self { Self() }
}

extension Backend {
  static let mongodb = Backend(testDescription: "MongoDB") { place in
    // Short: the smallest Atlas clusters take names of 38 bytes.
    let name = place.url.lastPathComponent.suffix(36).filter { $0 != "-" }.lowercased()
    return MongoRegistry(try TestServer.client("test-\(name)"))
  }
}
