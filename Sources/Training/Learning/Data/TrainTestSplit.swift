import TrainingDefinition

/// Which rows train and which test. Every row is in exactly one of the two.
package struct TrainTestSplit: Equatable, Sendable {
  package let train: [Int32]
  package let test: [Int32]

  private static let stream: UInt64 = 0x7370_6C69_74  // "split"

  /// Shuffles all rows by `seed` and holds out the first ⌈count · testFraction⌉, the proportions of scikit-learn's
  /// `train_test_split`. At least one row is left to train on.
  package static func plain(count: Int, testFraction: Double, seed: UInt64) -> TrainTestSplit {
    var random = SeededRandom(seed: seed, stream: stream)
    let order = random.permutation(count)
    let held = testCount(count, testFraction)
    return TrainTestSplit(train: Array(order[held...]), test: Array(order[..<held]))
  }

  /// Like `plain`, but holds out the same share of every class (rounded to whole rows, at least one row of a class
  /// trains), then shuffles both sides.
  package static func stratified(labels: [Int32], testFraction: Double, seed: UInt64) -> TrainTestSplit {
    var random = SeededRandom(seed: seed, stream: stream)
    var rows: [[Int32]] = Array(repeating: [], count: Int(labels.max() ?? -1) + 1)
    for (row, label) in labels.enumerated() { rows[Int(label)].append(Int32(truncatingIfNeeded: row)) }
    var train: [Int32] = []
    var test: [Int32] = []
    for index in rows.indices where !rows[index].isEmpty {
      random.shuffle(&rows[index])
      let share = (Double(rows[index].count) * testFraction).rounded(.toNearestOrEven)
      let held = min(Int(share), rows[index].count - 1)
      test += rows[index][..<held]
      train += rows[index][held...]
    }
    random.shuffle(&train)
    random.shuffle(&test)
    return TrainTestSplit(train: train, test: test)
  }

  /// The split that `request` asks for, of rows with these class numbers.
  static func make(_ labels: [Int32], request: DatasetRequest) -> TrainTestSplit {
    request.stratified
      ? stratified(labels: labels, testFraction: request.heldOut, seed: request.splitSeed)
      : plain(count: labels.count, testFraction: request.heldOut, seed: request.splitSeed)
  }

  private static func testCount(_ count: Int, _ fraction: Double) -> Int {
    // 0.1 · 30 is a hair above 3 in binary; the hair must not cost a row.
    let wanted = (Double(count) * fraction - 1e-9).rounded(.up)
    return max(0, min(Int(wanted), count - 1))
  }
}
