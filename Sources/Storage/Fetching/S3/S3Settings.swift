/// Where S3 is and who asks, from the environment that AWS's own tools read.
struct S3Settings {
  /// For messages nothing of this may be used.
  struct Credentials {
    let accessKey: String
    let secret: String
    let sessionToken: String?
  }

  /// nil: Amazon's own.
  let endpoint: String?
  let region: String
  /// nil: requests are not signed, as for public data.
  let credentials: Credentials?

  /// - Throws: `incompleteCredentials`, `invalidSource` naming the variable.
  init(_ environment: [String: String]) throws(SourceError) {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    region = value("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1"
    let isRegion = region.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
      default: false
      }
    }
    guard isRegion else {
      throw .invalidSource(field: "AWS_REGION", value: region, expected: "a region such as eu-central-1")
    }
    endpoint = value("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    if let endpoint, !endpoint.hasPrefix("http://"), !endpoint.hasPrefix("https://") {
      throw .invalidSource(field: "AWS_ENDPOINT_URL", value: "…", expected: "http:// or https:// and a host")
    }
    switch (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")) {
    case (nil, nil): credentials = nil
    case (let key?, let secret?):
      credentials = Credentials(accessKey: key, secret: secret, sessionToken: value("AWS_SESSION_TOKEN"))
    case (nil, _): throw .incompleteCredentials(missing: "AWS_ACCESS_KEY_ID")
    case (_, nil): throw .incompleteCredentials(missing: "AWS_SECRET_ACCESS_KEY")
    }
  }

  /// The address of an object: the bucket in the host's name at Amazon, where its name allows that, else in the path.
  func url(bucket: String, key: String) -> String {
    let key = key.addingPercentEscapes()
    if let endpoint { return "\(endpoint)/\(bucket)/\(key)" }
    if bucket.contains(".") || bucket.contains("_") || bucket != bucket.lowercased() {
      return "https://s3.\(region).amazonaws.com/\(bucket)/\(key)"
    }
    return "https://\(bucket).s3.\(region).amazonaws.com/\(key)"
  }
}
