import Testing

@testable import Learning

@Suite struct StratifiedFoldsTests {
  /// Labels of a seed: 1 to 6 classes of 20 to 70 rows each, shuffled.
  private func labels(seed: UInt64) -> (labels: [Int32], classes: [String]) {
    var random = SeededRandom(seed: seed)
    var labels: [Int32] = []
    let classes = 1 + random.below(6)
    for label in 0..<classes { labels += Array(repeating: Int32(label), count: 20 + random.below(51)) }
    random.shuffle(&labels)
    return (labels, (0..<classes).map { "class \($0)" })
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>) func everyRowIsHeldOutOnceAndClassesAreSpreadEvenly(
    seed: UInt64
  ) throws {
    let (labels, classes) = labels(seed: seed)
    let count = 2 + Int(seed % 19)
    let folds = try StratifiedFolds(labels: labels, classes: classes, count: count, seed: seed)
    var heldOut = [Int](repeating: 0, count: labels.count)
    var sizes: [Int] = []
    var ofClass: [[Int]] = Array(repeating: [], count: classes.count)
    for fold in 0..<count {
      let split = folds.split(holdingOut: fold)
      #expect((split.train + split.test).sorted() == labels.indices.map { Int32($0) })
      for row in split.test { heldOut[Int(row)] += 1 }
      sizes.append(split.test.count)
      for label in classes.indices {
        ofClass[label].append(split.test.count { labels[Int($0)] == Int32(label) })
      }
    }
    #expect(heldOut.allSatisfy { $0 == 1 })
    for counts in ofClass + [sizes] {
      let least = try #require(counts.min())
      #expect(try #require(counts.max()) - least <= 1, "\(counts)")
    }
  }

  /// The rows of the first fold, written down: they must be these on every machine and in every release.
  @Test func foldsAreTheSameEverywhere() throws {
    let labels = (0..<24).map { Int32($0 % 3) }
    let folds = try StratifiedFolds(labels: labels, classes: ["a", "b", "c"], count: 4, seed: 42)
    #expect(folds.split(holdingOut: 0).test == [0, 3, 5, 10, 22, 23])
    #expect(folds == (try StratifiedFolds(labels: labels, classes: ["a", "b", "c"], count: 4, seed: 42)))
    #expect(folds != (try StratifiedFolds(labels: labels, classes: ["a", "b", "c"], count: 4, seed: 43)))
  }

  @Test func aClassSmallerThanTheFoldsIsAnErrorWithItsCure() {
    let labels: [Int32] = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
    let error = Fixtures.error { () throws(LearningError) in
      try StratifiedFolds(labels: labels, classes: ["a", "b", "c", "absent"], count: 5, seed: 1)
    }
    #expect(
      error
        == .invalidRequest(
          field: "search.folds", value: "5",
          expected: "at most 3, or have more rows of class c, which has 3 to train on"))
    let single = Fixtures.error { () throws(LearningError) in
      try StratifiedFolds(labels: [0, 0, 1], classes: ["a", "b"], count: 2, seed: 1)
    }
    #expect(single?.message.contains("left out, or have more rows of class b") == true)
  }
}
