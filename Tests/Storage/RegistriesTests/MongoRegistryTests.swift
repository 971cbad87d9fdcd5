import Basics
import Foundation
import Mongo
import Registries
import Testing

@testable import Registries

/// What the MongoDB back end does without a server.
@Suite struct MongoRegistryTests {
  static let kinds: [(MongoError.Kind, reason: String, retryable: Bool)] = [
    (.serverSelection, "RegistryUnavailable", true), (.network, "RegistryUnavailable", true),
    (.timeout, "RegistryUnavailable", true), (.transient(code: 91), "RegistryUnavailable", true),
    (.tls, "RegistryTLSFailed", true), (.authentication, "RegistryAuthenticationFailed", true),
    (.unauthorized, "RegistryAccessDenied", true), (.tooLarge, "TooLargeForRegistry", false),
    (.damagedFile, "RegistryDataDamaged", false), (.decoding, "RegistryDataDamaged", false),
    (.encoding, "InvalidContents", false), (.invalidURI, "UnsupportedRegistry", false),
    (.cancelled, "Cancelled", false),
    (.command(code: 59, name: "CommandNotFound"), "RegistryUnavailable", false),
    (.writeRejected(code: 121), "RegistryUnavailable", false),
    (.duplicateKey(index: "x"), "RegistryUnavailable", false),
  ]

  @Test(arguments: kinds.indices) func anErrorOfMongoDBsHasItsReason(_ index: Int) {
    let (kind, reason, retryable) = Self.kinds[index]
    let error = RegistryError(MongoError(kind, "why it is so"), "model m v1")
    #expect(error.reason == reason)
    #expect(error.retryable == retryable)
    if kind != .cancelled { #expect(error.message.contains("why it is so")) }
  }

  @Test func aURIOpensWithoutAServerAndShowsNoSecret() throws {
    let registry = try openRegistry("mongodb://fleet:hunter2@db.example:27018/lab?tls=true")
    #expect(registry.location == "mongodb://fleet:***@db.example:27018/lab")
    #expect(try openRegistry("mongodb://db.example").location == "mongodb://db.example:27017/tensorfleet")
    var dumped = ""
    dump(registry, to: &dumped)
    #expect(!"\(registry) \(dumped)".contains("hunter2"))
    #expect(
      try openRegistry("mongodb+srv://u:hunter2@c0.lab.example/x").location == "mongodb+srv://u:***@c0.lab.example/x")
  }

  @Test func aServerThatIsNotThereIsUnavailableAndSaysWhatToCheck() async throws {
    let registry = try openRegistry(
      "mongodb://fleet:hunter2@127.0.0.1:1/lab?serverSelectionTimeoutMS=300")
    do {
      try await registry.putRun(run("r"))
      Issue.record("something answered")
    } catch {
      #expect(error.reason == "RegistryUnavailable")
      #expect(error.retryable)
      #expect(error.message.contains("127.0.0.1:1"))
      #expect(!error.message.contains("hunter2"))
    }
  }

  @Test func aCancelledCallReturnsAtOnceAndOthersGoOn() async throws {
    let registry = try openRegistry("mongodb://127.0.0.1:1/lab?serverSelectionTimeoutMS=900")
    let patient = Task { try await registry.run("r") }
    let cancelled = Task { try await registry.run("r") }
    try await Task.sleep(for: .milliseconds(100))
    let begin = ContinuousClock.now
    cancelled.cancel()
    guard case .failure(let error) = await cancelled.result else {
      Issue.record("something answered")
      return
    }
    #expect(error as? RegistryError == .cancelled)
    #expect(ContinuousClock.now - begin < .milliseconds(500))
    guard case .failure(let other) = await patient.result else { return }
    #expect((other as? RegistryError)?.reason == "RegistryUnavailable")
  }

  @Test(arguments: ["accuracy", "f1.macro", "$set", "%2E", "a.b$c%", "", "%", "\u{0}", "ä"])
  func aNameOfAnyKindIsAFieldAndComesBack(_ name: String) {
    let field = FieldName.escaped(name)
    #expect(!field.isEmpty && !field.contains(".") && !field.contains("$") && !field.contains("\u{0}"))
    #expect(FieldName.unescaped(field) == name)
  }

  @Test func differentNamesAreDifferentFields() {
    let names = ["", "%", "%25", ".", "%2E", "$", "%24", "a.b", "a%2Eb", "a%252Eb"]
    #expect(Set(names.map(FieldName.escaped)).count == names.count)
  }
}
