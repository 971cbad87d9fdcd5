import CommandLineKit
import Learning

/// How predictions compare with the truth where it is known.
struct Agreement: Sendable {
  /// Rows compared: their label is one of the model's classes.
  let report: ClassificationReport
  /// Rows with a label that the model was never trained on: wrong whatever it says.
  let strangers: Int
  /// Rows without a label.
  let unlabelled: Int

  /// - Parameter truth: a label a prediction; nil where there is none.
  init(_ predictions: [Prediction], truth: [String?], classes: [String]) {
    let matcher = LabelMatcher(classes)
    let place = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var confusion = classes.map { _ in classes.map { _ in 0 } }
    var strangers = 0
    var unlabelled = 0
    for (prediction, truth) in zip(predictions, truth) {
      guard let truth else {
        unlabelled += 1
        continue
      }
      guard let row = matcher.place(of: truth), let column = place[prediction.label] else {
        strangers += 1
        continue
      }
      confusion[row][column] += 1
    }
    report = ClassificationReport(confusion: confusion, labels: classes)
    self.strangers = strangers
    self.unlabelled = unlabelled
  }

  /// For people, on one line and more where something is odd.
  var lines: [String] {
    let compared = report.classes.reduce(0) { $0 + $1.support }
    var lines = [
      "\(compared) rows with labels: accuracy \(Figures.metric(report.accuracy))  precision "
        + "\(Figures.metric(report.precision))  recall \(Figures.metric(report.recall))  F1 "
        + Figures.metric(report.f1Score)
    ]
    if strangers > 0 {
      lines.append("\(strangers) rows have a label that the model does not know; they are not counted")
    }
    if unlabelled > 0 { lines.append("\(unlabelled) rows have no label; they are not counted") }
    return lines
  }
}

/// Finds a label among a model's classes. Spellings of one number are one label ("1" and "1.0"), as in training.
struct LabelMatcher: Sendable {
  private let byText: [String: Int]
  private let byNumber: [Double: Int]

  init(_ classes: [String]) {
    byText = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let numbers = classes.compactMap { Self.number($0) }
    byNumber =
      numbers.count == classes.count
      ? Dictionary(numbers.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first }) : [:]
  }

  /// The class number of `label`; nil where it is none of the classes.
  func place(of label: String) -> Int? { byText[label] ?? Self.number(label).flatMap { byNumber[$0] } }

  private static func number(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { CellParser.number($0) }
  }
}
