#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where a data set lies, once its URI is understood.
package enum DatasetLocation: Equatable, Sendable {
  /// A file or directory of this machine.
  case path(String)
  /// The built-in digit images.
  case digits(count: Int, seed: UInt64)

  static let supported = ["paths", "file://", "builtin://digits"]

  /// Understands `uri`; relative paths start at `dataRoot`.
  /// - Throws: `unsupportedScheme`, or `invalidRequest` for a URI without a path or with bad parameters.
  package static func resolve(_ uri: String, dataRoot: URL) throws(LearningError) -> DatasetLocation {
    guard !uri.isEmpty else {
      throw .invalidRequest(field: "dataset.uri", value: uri, expected: "a path or one of \(supported)")
    }
    guard let colon = uri.firstRange(of: "://") else {
      return .path(uri.hasPrefix("/") ? uri : dataRoot.appending(path: uri).path)
    }
    let rest = String(uri[colon.upperBound...])
    switch uri[..<colon.lowerBound].lowercased() {
    case "file":
      let path = rest.hasPrefix("localhost/") ? String(rest.dropFirst("localhost".count)) : rest
      guard path.hasPrefix("/"), let plain = URL(string: "file://" + path)?.path else {
        throw .invalidRequest(field: "dataset.uri", value: uri, expected: "file:/// and an absolute path")
      }
      return .path(plain)
    case "builtin":
      return try builtin(rest, uri: uri)
    default:
      throw .unsupportedScheme(uri: uri, supported: supported)
    }
  }

  private static func builtin(_ rest: String, uri: String) throws(LearningError) -> DatasetLocation {
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.first == "digits" else {
      throw .invalidRequest(field: "dataset.uri", value: uri, expected: "builtin://digits")
    }
    var count = 4000
    var seed: UInt64 = 1
    for pair in parts.dropFirst().joined().split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1)
      let value = sides.count == 2 ? String(sides[1]) : ""
      switch sides.first {
      case "count":
        guard let number = Int(value), (20...1_000_000).contains(number) else {
          throw .invalidRequest(field: "dataset.uri count", value: value, expected: "an integer from 20 to 1000000")
        }
        count = number
      case "seed":
        guard let number = UInt64(value) else {
          throw .invalidRequest(field: "dataset.uri seed", value: value, expected: "an integer from 0")
        }
        seed = number
      default:
        throw .invalidRequest(
          field: "dataset.uri parameter", value: String(sides.first ?? ""), expected: "count or seed")
      }
    }
    return .digits(count: count, seed: seed)
  }
}
