import Testing

@testable import Fetching

@Suite struct SourceReferenceTests {
  private static let digits = String(repeating: "0a", count: 32)

  @Test func placesAreUnderstood() throws {
    #expect(try SourceReference("a/b.csv", sha256: nil).place == .file("a/b.csv"))
    #expect(try SourceReference("file:///a%20b.csv", sha256: nil).place == .file("/a b.csv"))
    #expect(try SourceReference("HTTPS://h/x?q=1#", sha256: nil).place == .http("https://h/x?q=1"))
    #expect(try SourceReference("s3://bucket/a/b c.csv", sha256: nil).place == .s3(bucket: "bucket", key: "a/b c.csv"))
  }

  @Test func checksumsComeFromFragmentOrField() throws {
    #expect(try SourceReference("https://h/x#sha256=\(Self.digits.uppercased())", sha256: nil).sha256 == Self.digits)
    #expect(try SourceReference("https://h/x", sha256: Self.digits).sha256 == Self.digits)
    #expect(try SourceReference("https://h/x", sha256: "").sha256 == nil)
  }

  @Test(arguments: [
    "", "https://", "https:///x", "s3://bucket", "s3://bucket/", "s3://b/x", "s3://bad!bucket/x", "ftp://h/x",
    "file://relative", "file:///%zz", "https://h/x#md5=1", "https://h/x#sha256=12", "https://h/a\r\nX: y",
  ]) func badAddressesAreRefused(uri: String) {
    #expect(throws: SourceError.self) { try SourceReference(uri, sha256: nil) }
  }

  @Test func secretsAreNotShown() throws {
    let reference = try SourceReference("https://user:secret@h:8443/a/x.csv?X-Amz-Signature=secret", sha256: nil)
    #expect(reference.shown == "https://h:8443/a/x.csv")
    #expect(reference.fileName == "x.csv")
  }

  @Test(arguments: [
    ("https://h/a/b.csv?x=/y.idx", "b.csv"), ("https://h", "data"), ("https://h/a%2F..%2Fb", "a..b"),
    ("https://h/..", "data"), ("https://h/.hidden", "data"),
    ("s3://bucket/train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz"),
  ]) func filesKeepTheirNames(uri: String, name: String) throws {
    #expect(try SourceReference(uri, sha256: nil).fileName == name)
  }

  @Test(arguments: [
    ("http://127.0.0.1:1/x", true), ("http://localhost/x", true), ("http://[::1]:80/x", true),
    ("http://u@127.9.9.9/x", true), ("http://127.0.0.1.example.org/x", false), ("http://localhost@h/x", false),
    ("http://10.0.0.1/x", false), ("http://127.0.0.1@h/", false),
  ]) func thisMachineIsKnown(url: String, isLoopback: Bool) {
    #expect(SourceReference.isLoopback(url) == isLoopback)
  }

  @Test func s3IsAddressedFromTheEnvironment() throws {
    let amazon = try S3Settings(["AWS_REGION": "eu-central-1"])
    #expect(amazon.credentials == nil)
    #expect(
      amazon.url(bucket: "data", key: "a b+ü.csv") == "https://data.s3.eu-central-1.amazonaws.com/a%20b%2B%C3%BC.csv")
    #expect(amazon.url(bucket: "my.data", key: "x") == "https://s3.eu-central-1.amazonaws.com/my.data/x")
    let own = try S3Settings([
      "AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9/", "AWS_ACCESS_KEY_ID": "k",
      "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
    ])
    #expect(own.url(bucket: "data", key: "x") == "http://127.0.0.1:9/data/x")
    #expect(own.credentials?.sessionToken == "t")
    #expect(throws: SourceError.incompleteCredentials(missing: "AWS_SECRET_ACCESS_KEY")) {
      try S3Settings(["AWS_ACCESS_KEY_ID": "k"])
    }
    #expect(throws: SourceError.self) { try S3Settings(["AWS_REGION": "x:y"]) }
    #expect(throws: SourceError.self) { try S3Settings(["AWS_ENDPOINT_URL": "ftp://x"]) }
  }
}
