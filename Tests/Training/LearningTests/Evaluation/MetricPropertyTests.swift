import Foundation
import Testing

@testable import Learning

@Suite struct MetricPropertyTests {
  /// Few different scores, so that ties are common.
  private func scores(_ random: inout SeededRandom, _ count: Int) -> [Float] {
    (0..<count).map { _ in Float(random.below(8)) / 8 }
  }

  @Test(arguments: 0..<100) func theAreaIsTheShareOfWonPairs(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let count = 2 + random.below(40)
    let scores = scores(&random, count)
    let labels = (0..<count).map { _ in Int32(random.below(2)) }
    var won = 0.0
    var pairs = 0.0
    for a in 0..<count where labels[a] == 1 {
      for b in 0..<count where labels[b] == 0 {
        pairs += 1
        won += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0
      }
    }
    let area = RankingScore.areaUnderROC(scores: scores, labels: labels)
    if pairs == 0 {
      #expect(area == nil, "seed \(seed)")
      return
    }
    #expect(abs((area ?? -1) - won / pairs) < 1e-12, "seed \(seed)")
    // A rising function of the scores changes nothing; turning them round turns the area round.
    #expect(RankingScore.areaUnderROC(scores: scores.map { $0 * $0 * 3 + 1 }, labels: labels) == area, "seed \(seed)")
    let turned = RankingScore.areaUnderROC(scores: scores.map { -$0 }, labels: labels)
    #expect(abs((turned ?? -1) + (area ?? -1) - 1) < 1e-12, "seed \(seed)")
  }

  @Test func theAreaNeedsBothClassesAndNumbers() {
    #expect(RankingScore.areaUnderROC(scores: [0.1, 0.2], labels: [1, 1]) == nil)
    #expect(RankingScore.areaUnderROC(scores: [0.1, .nan], labels: [0, 1]) == nil)
    #expect(RankingScore.areaUnderROC(scores: [], labels: []) == nil)
  }

  private func confusion(_ random: inout SeededRandom, classes: Int) -> [[Int]] {
    (0..<classes).map { _ in (0..<classes).map { _ in random.below(3) == 0 ? 0 : random.below(50) } }
  }

  @Test(arguments: 0..<60) func namingClassesInAnotherOrderChangesNothing(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let classes = 3 + random.below(6)
    let matrix = confusion(&random, classes: classes)
    let order = random.permutation(classes).map(Int.init)
    let labels = (0..<classes).map { "c\($0)" }
    let report = ClassificationReport(confusion: matrix, labels: labels)
    let permuted = ClassificationReport(
      confusion: order.map { row in order.map { matrix[row][$0] } }, labels: order.map { labels[$0] })
    for (a, b) in [
      (report.accuracy, permuted.accuracy), (report.precision, permuted.precision), (report.recall, permuted.recall),
      (report.f1Score, permuted.f1Score),
    ] {
      #expect(abs(a - b) < 1e-12, "seed \(seed)")
      #expect((0...1).contains(a), "seed \(seed)")
    }
    for label in labels { #expect(report.score(of: label) == permuted.score(of: label), "seed \(seed)") }
    // With weights by support, recall is accuracy.
    #expect(abs(report.recall - report.accuracy) < 1e-12, "seed \(seed)")
  }

  @Test(arguments: [2, 5, 32, 33, 300]) func reportsAreReadBackAndStayCompact(classes: Int) throws {
    var random = SeededRandom(seed: UInt64(classes))
    var matrix = Array(repeating: [Int](repeating: 0, count: classes), count: classes)
    for _ in 0..<2000 { matrix[random.below(classes)][random.below(classes)] += 1 }
    let report = ClassificationReport(confusion: matrix, labels: (0..<classes).map { "class \($0)" })
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(ClassificationReport.self, from: data) == report)
    #expect(data.count < 40_000)
  }

  @Test(arguments: [
    #"{"classes":[],"confusion":[[1]]}"#, #"{"labels":["a","b"],"cells":[0,2,1]}"#, #"{"labels":["a"],"cells":[0]}"#,
    #"{"labels":["a","b"],"cells":[0,1,-4]}"#, #"{"labels":["a"],"cells":[-1,0,1]}"#,
  ]) func damagedReportsAreRefused(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(ClassificationReport.self, from: Data(text.utf8)) }
  }
}
