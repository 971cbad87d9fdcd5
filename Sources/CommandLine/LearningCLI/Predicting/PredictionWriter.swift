import Foundation
import Learning

/// Renders predictions for programs.
struct PredictionWriter: Sendable {
  enum Format: Sendable {
    case csv
    case jsonLines
  }

  let classes: [String]
  let format: Format

  /// Rows a piece of output.
  private static let block = 4096

  /// Hands all of `predictions` to `write`, some thousand rows at a time.
  func write(_ predictions: [Prediction], to write: (String) -> Void) {
    var first = 0
    repeat {
      let end = min(first + Self.block, predictions.count)
      write(text(predictions[first..<end], isFirst: first == 0))
      first = end
    } while first < predictions.count
  }

  /// `predictions` as lines; the first piece of CSV starts with the header.
  func text(_ predictions: ArraySlice<Prediction>, isFirst: Bool) -> String {
    switch format {
    case .csv:
      let header = (["label"] + classes.map { "probability_" + $0 }).map(CSVText.escaped).joined(separator: ",") + "\n"
      return predictions.reduce(into: isFirst ? header : "") { text, prediction in
        text += CSVText.escaped(prediction.label)
        for probability in prediction.probabilities { text += ",\(probability)" }
        text += "\n"
      }
    case .jsonLines:
      let names = classes.map(Self.quoted)
      return predictions.reduce(into: "") { text, prediction in
        let pairs = zip(names, prediction.probabilities).map { "\($0):\($1)" }.joined(separator: ",")
        text += "{\"label\":\(Self.quoted(prediction.label)),\"probabilities\":{\(pairs)}}\n"
      }
    }
  }

  /// `text` as a JSON string.
  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
