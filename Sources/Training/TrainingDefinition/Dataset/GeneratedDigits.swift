/// The built-in images of digits, as a URI asks for them: `builtin://digits?count=4000&seed=1`.
package struct GeneratedDigits: Sendable, Equatable {
  package var count = 4_000
  package var seed: UInt64 = 1

  /// What the URI of generated data begins with.
  package static let scheme = "builtin://"

  /// Reads what follows ``scheme`` in `uri`.
  /// - Throws: `invalidRequest` for other data than digits, and for bad parameters.
  package init(uri: String) throws(TrainingProblem) {
    let rest = uri.dropFirst(Self.scheme.count)
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.first == "digits" else {
      throw .invalidRequest(field: "dataset.uri", value: uri, expected: "builtin://digits")
    }
    for pair in parts.dropFirst().joined().split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1)
      let value = sides.count == 2 ? String(sides[1]) : ""
      switch sides.first {
      case "count":
        let bounds = TrainingLimits.generatedImages
        guard let number = Int(value), bounds.contains(number) else {
          throw .invalidRequest(
            field: "dataset.uri count", value: value,
            expected: "an integer from \(bounds.lowerBound) to \(bounds.upperBound)")
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
  }

  /// What is wrong with a URI of generated data; none for data that lies somewhere.
  package static func faults(in uri: String?) -> [TrainingFault] {
    guard let uri, uri.lowercased().hasPrefix(scheme) else { return [] }
    do throws(TrainingProblem) {
      _ = try GeneratedDigits(uri: uri)
      return []
    } catch { return [TrainingFault("dataset.uri", error)] }
  }
}
