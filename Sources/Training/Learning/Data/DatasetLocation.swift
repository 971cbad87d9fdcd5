import TrainingDefinition

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
      let digits = try LearningError.asking { () throws(TrainingProblem) in try GeneratedDigits(uri: uri) }
      return .digits(count: digits.count, seed: digits.seed)
    default:
      throw .unsupportedScheme(uri: uri, supported: supported)
    }
  }
}
