import ONNX

/// `VoteScores` as ONNX operations, in 64 bits.
struct VoteScoreGraph {
  private let square: PairSquare

  init(_ square: PairSquare) { self.square = square }

  /// - Parameter decisions: double [N×pairs].
  /// - Returns: the scores, double [N×classes].
  func append(decisions: String, to builder: inout GraphBuilder) -> String {
    let isPositive = builder.node("Greater", [decisions, builder.wideScalar("no_decision", 0)], name: "is_positive")
    let ballots = builder.cast(isPositive, to: .double, name: "ballot")
    let votes = builder.sum(square.mirrored(ballots, name: "ballot", &builder), axis: 2, name: "votes")
    let sums = builder.sum(square.signed(decisions, name: "decision", &builder), axis: 2, name: "decision_sum")
    let confidence = winnersFirst(confidence(sums, &builder), votes: votes, &builder)
    let score = builder.node("Add", [votes, confidence], name: "score")
    return builder.node("Softmax", [score], name: "softmax", attributes: [.init("axis", .integer(1))])
  }

  /// s / (3·(|s| + 1))
  private func confidence(_ sums: String, _ builder: inout GraphBuilder) -> String {
    let size = builder.node("Abs", [sums], name: "size")
    let (one, three) = (builder.wideScalar("one", 1), builder.wideScalar("three", 3))
    let larger = builder.node("Add", [size, one], name: "larger")
    let divisor = builder.node("Mul", [larger, three], name: "divisor")
    return builder.node("Div", [sums, divisor], name: "confidence")
  }

  /// Lifts the confidence of the first class with most votes to the highest among those that have as many.
  private func winnersFirst(_ confidence: String, votes: String, _ builder: inout GraphBuilder) -> String {
    let most = builder.rowMaximum(votes, name: "most")
    let hasMost = builder.node("Equal", [votes, most], name: "has_most")
    let nothing = builder.wideScalar("nothing", -Double.greatestFiniteMagnitude)
    let contenders = builder.node("Where", [hasMost, confidence, nothing], name: "contender")
    let clearest = builder.rowMaximum(contenders, name: "clearest")
    let winner = builder.node(
      "ArgMax", [votes], name: "winner", attributes: [.init("axis", .integer(1)), .init("keepdims", .integer(1))])
    let numbers = builder.integers("class_numbers", Array(0..<square.classes))
    let isWinner = builder.node("Equal", [numbers, winner], name: "is_winner")
    return builder.node("Where", [isWinner, clearest, confidence], name: "lifted")
  }
}
