import Testing

@testable import Mongo

@Suite struct MongoURITests {
  struct Good: Sendable {
    var text: String
    var redacted: String
    var database = "test"
    var hosts = ["db:27017"]
    var usesTLS = false
  }

  static let good = [
    Good(text: "mongodb://db", redacted: "mongodb://db:27017/test"),
    Good(text: "mongodb://fleet:hunter2@db/lab", redacted: "mongodb://fleet:***@db:27017/lab", database: "lab"),
    Good(
      text: "mongodb://fleet:hunt%40er%2F2@db/lab?tls=true", redacted: "mongodb://fleet:***@db:27017/lab",
      database: "lab", usesTLS: true),
    Good(
      text: "mongodb://fleet:hunter2@a:1,b:2/?replicaSet=rs", redacted: "mongodb://fleet:***@a:1,b:2/test",
      hosts: ["a:1", "b:2"]),
    Good(
      text: "mongodb+srv://fleet:hunter2@cluster0.abcde.mongodb.net/lab?appName=a@b",
      redacted: "mongodb+srv://fleet:***@cluster0.abcde.mongodb.net/lab", database: "lab",
      hosts: ["cluster0.abcde.mongodb.net"], usesTLS: true),
    Good(
      text:
        "mongodb://db/?tls=true&authMechanism=MONGODB-X509&tlsCertificateKeyFile=/x.pem&tlsCertificateKeyFilePassword=hunter2",
      redacted: "mongodb://db:27017/test", usesTLS: true),
    Good(text: "mongodb://fleet:hunter2?x@db/lab", redacted: "mongodb://fleet:***@db:27017/lab", database: "lab"),
    Good(text: "mongodb://fleet@db/", redacted: "mongodb://fleet@db:27017/test"),
    Good(text: "mongodb://[::1]:27018/x", redacted: "mongodb://[::1]:27018/x", database: "x", hosts: ["[::1]:27018"]),
  ]

  /// All that a program could print of a value.
  private func printed(_ uri: MongoURI) -> String {
    var dumped = ""
    dump(uri, to: &dumped)
    return "\(uri) \(String(reflecting: uri)) \(dumped) \(Mirror(reflecting: uri).children.map { "\($0)" })"
  }

  @Test(arguments: good) func aURIIsReadAndShownWithoutItsSecrets(_ expected: Good) throws {
    let uri = try MongoURI(expected.text)
    #expect(uri.redacted == expected.redacted)
    #expect(uri.database == expected.database)
    #expect(uri.hosts == expected.hosts)
    #expect(uri.usesTLS == expected.usesTLS)
    for secret in ["hunter2", "hunt%40er", "hunt@er"] { #expect(!printed(uri).contains(secret)) }
    #expect(uri.with(database: "other").redacted.hasSuffix("/other"))
  }

  @Test(arguments: [
    ("", "begins with mongodb"), ("http://hunter2@db", "begins with mongodb"), ("mongodb://", "cannot be used"),
    ("mongodb://fleet:hunter2@db:99999", "cannot be used"), ("mongodb://fleet:hunter2@", "cannot be used"),
    ("mongodb://fleet:hunt/er2@db/lab", "percent-encoded"), ("mongodb://fleet:hunt@er2@db/lab", "percent-encoded"),
    ("mongodb://fleet:27/er2@db", "percent-encoded"),
    ("mongodb://fleet:hunt%er2@db/lab", "cannot be used"),
    ("mongodb://fleet:hunter2@db/lab?tls=maybe", "cannot be used"),
    ("mongodb+srv://fleet:hunter2@db:27017/lab", "cannot be used"),
    ("mongodb://fleet:hunter2@db?tls=true", "cannot be used"),
  ])
  func aURIThatCannotBeUsedSaysWhyWithoutItsSecret(_ text: String, _ words: String) {
    do {
      Issue.record("took \(try MongoURI(text))")
    } catch {
      #expect(error.kind == .invalidURI)
      #expect(error.message.contains(words), "\(error.message)")
      for secret in ["hunt", "er2"] { #expect(!error.message.contains(secret), "\(error.message)") }
    }
  }

  @Test func theSecretsAreKnownAsTheyStandAndDecoded() throws {
    let uri = try MongoURI("mongodb://u:a%40b@db/?tls=true&tlsCertificateKeyFilePassword=c%3Ad")
    #expect(Set(["a%40b", "a@b", "c%3Ad", "c:d"]).isSubset(of: uri.secrets))
    let scrubber = Scrubber(uri.secrets + ["a@"])
    #expect(scrubber.scrub("tried a@b, a%40b and c:d") == "tried ***, *** and ***")
  }
}
