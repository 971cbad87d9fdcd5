import Foundation
import Testing
import TrainingDefinition

@testable import Learning
@testable import LearningCLI

@Suite struct ReportTests {
  private func report(classes: Int, test: Bool) throws -> TrainReport {
    try Workbench.withDirectory { directory in
      let rows = (0..<(classes * 10)).map { "\($0 % classes).\($0 / classes),label\($0 % classes)" }
      let path = directory + "/data.csv"
      try Data(("x,y\n" + rows.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
      var dataset = DatasetRequest(uri: path, targetColumn: "y", testFraction: test ? 0.2 : 0)
      dataset.stratified = test
      let request = TrainingRequest(algorithm: "DecisionTree", dataset: dataset)
      guard case .finished(let report) = try Workbench.run(request, in: directory) else { throw Failure.notFinished }
      return report
    }
  }

  @Test func trainAndTestHaveARowEach() throws {
    let report = try report(classes: 3, test: true)
    let lines = ReportText().lines(report)
    #expect(lines[1].split(separator: " ") == ["ACCURACY", "LOSS", "PRECISION", "RECALL", "F1"])
    #expect(lines[2].hasPrefix("train   ") && lines[3].hasPrefix("test    "))
    #expect(lines.contains { $0.hasPrefix("label0 ") && $0.hasSuffix(" 2") })
    // A single tree has no curve.
    #expect(report.files["curve"] == nil)
    #expect(lines.last == "report: " + (report.files["report"] ?? ""))
  }

  @Test func twoClassesAreRanked() throws {
    let lines = ReportText().lines(try report(classes: 2, test: false))
    #expect(lines[1].hasSuffix("ROC AUC"))
    #expect(lines[2].hasPrefix("train") && lines[3].hasPrefix("trained in"))
  }

  @Test func longTablesAreCut() throws {
    let lines = ReportText().lines(try report(classes: 45, test: false))
    #expect(lines.contains("and 5 more classes"))
    #expect(lines.count < 60)
  }

  @Test func aSearchShowsItsCombinationsTheBestFirst() throws {
    var report = try report(classes: 2, test: false)
    report.search = (0..<12).map { number in
      SearchResult.Candidate(
        number: number, parameters: ["C": "\(number)", "gamma": "scale"], scores: [0.5],
        mean: number == 1 ? nil : 0.9, deviation: number == 1 ? nil : 0.01, seconds: 1,
        problem: number == 1 ? "trial 1 failed" : nil)
    }
    let lines = ReportText().lines(report)
    #expect(lines[1].split(separator: " ") == ["C", "gamma", "MEAN", "DEVIATION"])
    #expect(lines[2].split(separator: " ") == ["0", "scale", "0.9000", "0.0100"])
    #expect(lines[3].split(separator: " ") == ["1", "scale", "failed"])
    #expect(lines.contains("and 2 more combinations"))
  }

  private enum Failure: Error { case notFinished }
}
