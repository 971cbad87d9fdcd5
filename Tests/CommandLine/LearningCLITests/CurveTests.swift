import CommandLineKit
import Foundation
import FoundationXML
import Testing

@testable import Learning
@testable import LearningCLI

@Suite struct AxisScaleTests {
  @Test(
    arguments: [
      ([0.012, 0.93], [0, 0.2, 0.4, 0.6, 0.8, 1], 1), ([0.9, 0.975], [0.9, 0.92, 0.94, 0.96, 0.98], 2),
      ([120, 980], [0, 200, 400, 600, 800, 1000], 0), ([1e-5, 4.7e-5], [1e-5, 2e-5, 3e-5, 4e-5, 5e-5], 5),
    ] as [([Double], [Double], Int)]) func ticksAreRoundNumbersAroundTheValues(
      values: [Double], ticks: [Double], digits: Int
    )
  {
    let scale = AxisScale(values)
    #expect(scale.ticks.count == ticks.count)
    for (tick, expected) in zip(scale.ticks, ticks) { #expect(abs(tick - expected) < 1e-9) }
    #expect(scale.digits == digits)
  }

  @Test func wholeAxesHaveWholeTicksAndEndWhereTheValuesEnd() {
    let scale = AxisScale([1, 2, 3], count: 8, whole: true)
    #expect(scale.ticks == [1, 2, 3])
    #expect(scale.range == 1...3)
    #expect(
      AxisScale((1...1000).map { Double($0) }, count: 8, whole: true).ticks.map { Int($0) } == [
        200, 400, 600, 800, 1000,
      ])
  }

  @Test func equalValuesStillHaveARange() {
    for value in [0, 1, -3, 0.5, 1e9] {
      let scale = AxisScale([value, value], limit: max(1, value))
      #expect(scale.range.lowerBound < scale.range.upperBound, "\(value)")
      #expect(scale.place(value) >= 0 && scale.place(value) <= 1, "\(value)")
      #expect(!scale.ticks.isEmpty, "\(value)")
    }
  }

  @Test(arguments: 0..<300) func everyAxisHoldsItsValues(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let magnitude = pow(10, Double(random.uniform(-8, 8)))
    let values = (0..<(2 + random.below(20))).map { _ in Double(random.uniform(-1, 1)) * magnitude }
    for whole in [false, true] {
      let scale = AxisScale(values, whole: whole)
      #expect(values.allSatisfy { scale.place($0) > -1e-6 && scale.place($0) < 1 + 1e-6 }, "seed \(seed)")
      #expect(scale.ticks.allSatisfy { scale.place($0) > -1e-6 && scale.place($0) < 1 + 1e-6 }, "seed \(seed)")
      #expect(scale.ticks.count <= 12, "seed \(seed)")
      #expect(Set(scale.ticks.map(scale.text)).count == scale.ticks.count, "seed \(seed)")
    }
  }
}

@Suite struct LearningCurveTests {
  private func history(_ count: Int, test: Bool = true) -> [EpochRecord] {
    (1...count).map { epoch in
      EpochRecord(
        epoch: epoch, trainLoss: 1 / Double(epoch), trainAccuracy: 1 - 0.5 / Double(epoch),
        testLoss: test ? 1.2 / Double(epoch) : nil, testAccuracy: test ? 1 - 0.6 / Double(epoch) : nil, seconds: 1)
    }
  }

  private func document(_ curve: LearningCurve?) throws -> SVGReader {
    let reader = SVGReader()
    let parser = XMLParser(data: Data(try #require(curve).svg().utf8))
    parser.delegate = reader
    #expect(parser.parse())
    return reader
  }

  @Test func trainAndTestHaveALineInEachPanel() throws {
    let reader = try document(LearningCurve(history(12), title: "DNN", unit: "epoch"))
    #expect(reader.polylines.map(\.name) == ["line train", "line test", "line train", "line test"])
    #expect(reader.polylines.allSatisfy { $0.points.count == 12 })
    // Loss falls and accuracy rises; y grows downwards.
    let (loss, accuracy) = (reader.polylines[0].points, reader.polylines[2].points)
    #expect(zip(loss, loss.dropFirst()).allSatisfy { $0.y < $1.y && $0.x < $1.x })
    #expect(zip(accuracy, accuracy.dropFirst()).allSatisfy { $0.y > $1.y })
    for text in ["DNN", "Loss", "Accuracy", "epoch", "train 0.0833", "test 0.1000", "train 0.9583", "test 0.9500"] {
      #expect(reader.texts.contains { $0.hasPrefix(text) }, "\(text) in \(reader.texts)")
    }
    let points = reader.polylines.flatMap(\.points)
    #expect(points.allSatisfy { (0...960).contains($0.x) && (0...400).contains($0.y) })
  }

  @Test func withoutATestSetThereIsOneLine() throws {
    let reader = try document(LearningCurve(history(3, test: false), title: "DNN", unit: "epoch"))
    #expect(reader.polylines.map(\.name) == ["line train", "line train"])
  }

  @Test func aPointIsNoCurve() {
    #expect(LearningCurve(history(1), title: "DNN", unit: "epoch") == nil)
    #expect(LearningCurve([], title: "DNN", unit: "epoch") == nil)
  }

  @Test func longRunsAreALineWithoutDots() throws {
    let reader = try document(LearningCurve(history(500), title: "LogisticRegression", unit: "iteration"))
    #expect(reader.dots == 0)
    #expect(try document(LearningCurve(history(5), title: "DNN", unit: "epoch")).dots == 20)
  }

  @Test func namesCannotBreakThePicture() throws {
    let reader = try document(LearningCurve(history(2), title: "<script>&\"\u{1}\u{FFFE}", unit: "epoch"))
    #expect(reader.texts.contains("<script>&\""))
  }
}

/// The elements of a picture that tests look at.
private final class SVGReader: NSObject, XMLParserDelegate {
  var polylines: [(name: String, points: [(x: Double, y: Double)])] = []
  var texts: [String] = []
  var dots = 0
  private var text: String?

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    switch name {
    case "polyline":
      let points = (attributes["points"] ?? "").split(separator: " ").map { pair in
        let numbers = pair.split(separator: ",").compactMap { Double($0) }
        return (x: numbers.first ?? .nan, y: numbers.last ?? .nan)
      }
      polylines.append((attributes["class"] ?? "", points))
    case "circle": dots += 1
    case "text": text = ""
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) { text? += characters }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard name == "text", let text else { return }
    texts.append(text)
    self.text = nil
  }
}
