import CommandLineKit
import Registries
import Testing

@testable import RegistryCLI

@Suite struct PlotTests {
  typealias Point = RunCurves.Point

  @Test func curvesAreOfEpochsWithStepsBetweenThem() throws {
    let curves = RunCurves([
      Bench.point(0, step: 5, scope: .step, ["train_loss": 3]),
      Bench.point(1, step: 10, ["train_loss": 2, "test_loss": 2.5, "train_accuracy": 0.5]),
      Bench.point(2, step: 20, ["train_loss": 1, "test_loss": 1.5, "train_accuracy": 0.75]),
    ])
    #expect(curves.unit == "epoch" && curves.panels.map(\.metric) == ["loss", "accuracy"])
    let loss = try #require(curves.panels.first)
    #expect(
      loss.series.map(\.name) == ["train", "train", "test"] && loss.series.map(\.isSampled) == [true, false, false])
    #expect(loss.series[0].points == [Point(x: 0.5, y: 3)])
    #expect(loss.series[1].points == [Point(x: 1, y: 2), Point(x: 2, y: 1)])
    #expect(loss.series[2].points == [Point(x: 1, y: 2.5), Point(x: 2, y: 1.5)])
  }

  @Test func aLaterAttemptStandsInPlaceOfWhatWasLost() {
    let curves = RunCurves([
      Bench.point(1, step: 10, ["train_loss": 9]), Bench.point(2, step: 20, ["train_loss": 8]),
      Bench.point(3, step: 30, ["train_loss": 7]), Bench.point(2, step: 20, attempt: 1, ["train_loss": 5]),
      Bench.point(2, step: 20, attempt: 1, rank: 1, ["train_loss": 77]),
    ])
    #expect(curves.panels.first?.series.first?.points == [Point(x: 1, y: 9), Point(x: 2, y: 5)])
  }

  @Test func metricsAreChosenByTheirWholeNameOrWhatTheyMeasure() {
    let history = [Bench.point(1, step: 1, ["train_loss": 1, "test_loss": 2, "lr": 3])]
    #expect(RunCurves(history, metrics: ["loss"]).panels.first?.series.map(\.name) == ["train", "test"])
    #expect(RunCurves(history, metrics: ["test_loss"]).panels.first?.series.map(\.name) == ["test"])
    #expect(RunCurves(history, metrics: ["lr"]).panels.map(\.metric) == ["lr"])
    #expect(RunCurves(history, metrics: ["x"]).panels.isEmpty)
    #expect(RunCurves([Bench.point(0, step: 3, scope: .step, ["lr": 1])]).unit == "step")
  }

  @Test func aChartHasAxesAndLines() {
    let curves = RunCurves(
      (1...5).map { Bench.point($0, step: $0, ["train_loss": 1 - Double($0) / 5, "test_loss": 1]) }, metrics: ["loss"])
    let chart = CurveChart(style: TextStyle(usesUnicode: false), width: 46, height: 6).lines(curves)
    #expect(
      chart.joined(separator: "\n") == """
        loss by epoch   * train 0.0000   o test 1.0000
        1.0 |ooooooooooooooooooooooooooooooooooooooooo
            |*****
            |     **********
        0.5 |               **********
            |                         **********
        0.0 |                                   ******
            +----------+-------------------+----------
                       2                   4
        """)
  }

  @Test func noLineIsWiderThanAskedFor() {
    let history = (1...300).map { Bench.point($0, step: $0, ["train_loss": 1000 / Double($0), "test_accuracy": 0.99]) }
    for width in [30, 31, 60, 100, 333] {
      for style in [TextStyle(), TextStyle(usesUnicode: false), TextStyle(usesColour: true)] {
        for line in CurveChart(style: style, width: width, height: 7).lines(RunCurves(history)) {
          let bare = line.replacing(/\u{1b}\[[0-9]+m/, with: "")
          #expect(bare.hasPrefix("loss") || bare.hasPrefix("accuracy") || bare.count <= width, "\(bare)")
        }
      }
    }
  }

  @Test func dotsAreEightToACharacter() {
    var canvas = PlotCanvas(columns: 2, rows: 1, kind: .dots)
    #expect(canvas.width == 4 && canvas.height == 4)
    canvas.line(from: (0, 0), to: (3, 3), owner: 0)
    canvas.set(99, 0, owner: 0)
    #expect(String(canvas.row(0) { _ in "x" }.map(\.character)) == "⠑⢄")
  }

  @Test func onePointIsDrawnAndOneValueHasAnAxis() {
    let lines = CurveChart(style: TextStyle(), width: 40, height: 5)
      .lines(RunCurves([Bench.point(1, step: 1, ["train_loss": 0.5])]))
    #expect(lines.dropFirst().contains { $0.contains("●") }, "\(lines.joined(separator: "\n"))")
  }
}
