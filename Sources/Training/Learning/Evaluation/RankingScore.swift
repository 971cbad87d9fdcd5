/// How well scores put the rows of one class before those of the other.
enum RankingScore {
  /// The area under the receiver operating characteristic: the share of pairs of a positive and a negative row in which
  /// the positive has the higher score, ties counting half. Computed from the ranks of the positives (Mann and Whitney,
  /// 1947; Hanley and McNeil, 1982).
  /// - Parameters:
  ///   - scores: one a row.
  ///   - labels: 1 for the positives, anything else for the negatives.
  /// - Returns: nil without a positive or a negative row, or where a score is not a number.
  static func areaUnderROC(scores: [Float], labels: [Int32]) -> Double? {
    let positives = labels.count { $0 == 1 }
    let negatives = labels.count - positives
    guard positives > 0, negatives > 0, !scores.contains(where: \.isNaN) else { return nil }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    // Twice the ranks, so that the mean rank of tied rows is a whole number too.
    var doubledRanks = 0
    var first = 0
    while first < order.count {
      var last = first
      var tiedPositives = 0
      while last < order.count, scores[order[last]] == scores[order[first]] {
        if labels[order[last]] == 1 { tiedPositives += 1 }
        last += 1
      }
      doubledRanks += tiedPositives * (first + last + 1)
      first = last
    }
    let doubledWins = doubledRanks - positives * (positives + 1)
    return Double(doubledWins) / (2 * Double(positives) * Double(negatives))
  }
}
