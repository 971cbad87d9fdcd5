import Foundation
import Testing

@testable import Fetching

/// Against a real implementation of S3: hack/s3 starts one and prints what to put into the environment.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["TENSORFLEET_TEST_S3_ENDPOINT"] != nil,
    "TENSORFLEET_TEST_S3_ENDPOINT is not set; hack/s3 starts a server"), .timeLimit(.minutes(1)))
struct S3IntegrationTests {
  private func settings(_ changes: [String: String] = [:]) -> [String: String] {
    [
      "AWS_ENDPOINT_URL_S3": ProcessInfo.processInfo.environment["TENSORFLEET_TEST_S3_ENDPOINT"] ?? "",
      "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "do-not-tell", "AWS_REGION": "us-east-1",
    ].merging(changes) { $1 }
  }

  /// hack/s3 puts the numbers 0 to 99999, one a line, there.
  private static let uri = "s3://tensorfleet-test/folder/numbers ü.csv"
  private static let content = Array((0..<100_000).map { "\($0)\n" }.joined().utf8)

  @Test func anObjectIsReadAndAskedForAgain() async throws {
    try await Fixtures.withDirectory { directory in
      let sources = DataSources(Fixtures.options(directory, settings()))
      let file = try await sources.fetch(Self.uri, sha256: Fixtures.sha256(Self.content))
      #expect(Fixtures.contents(file) == Self.content)
      #expect(file.path.hasSuffix("numbers ü.csv"))
      #expect(try await sources.fetch(Self.uri).path == file.path)
    }
  }

  @Test func aSessionTokenIsSentAlong() async throws {
    try await Fixtures.withDirectory { directory in
      let sources = DataSources(Fixtures.options(directory, settings(["AWS_SESSION_TOKEN": "token"])))
      let fetched1 = try await sources.fetch(Self.uri)
      #expect(Fixtures.contents(fetched1) == Self.content)
    }
  }

  @Test func whatIsMissingIsNamedWithoutSecrets() async throws {
    try await Fixtures.withDirectory { directory in
      let sources = DataSources(Fixtures.options(directory, settings()))
      for (uri, code) in [("s3://tensorfleet-test/nothing", "NoSuchKey"), ("s3://no-such-bucket/x", "NoSuchBucket")] {
        let error = await Fixtures.error(sources, uri)
        #expect(error == .notFound(uri: uri, detail: "404 \(code)"))
        #expect(error?.description.contains("do-not-tell") == false)
      }
    }
  }
}
