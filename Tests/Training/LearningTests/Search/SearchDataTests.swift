import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct SearchDataTests {
  private static let rows = 60

  /// The data of a table whose cells of column x come from `x`; column y has unknown cells and column word has text.
  private func data(_ x: (Int) -> Double) throws -> SearchData {
    let lines = (0..<Self.rows).map { row in
      let y = row % 7 == 0 ? "" : "\(row * 3 % 11)"
      return "\(x(row)),\(y),\(row % 4 == 0 ? "red" : "blue"),\(row % 3)"
    }
    let text = (["x,y,word,label"] + lines).joined(separator: "\n") + "\n"
    return try Fixtures.withDirectory { directory in
      let file = directory.appending(path: "table.csv")
      try Data(text.utf8).write(to: file)
      return try SearchData(
        DatasetRequest(uri: file.path, targetColumn: "label", testFraction: 0.2), dataRoot: directory)
    }
  }

  private func numbers(_ examples: Examples) -> [Float] {
    let buffer = FloatBuffer(count: examples.count * examples.width)
    examples.copyRows(from: 0, count: examples.count, into: buffer.base)
    return buffer.array
  }

  private func columns(_ dataset: Dataset) throws -> [FeatureColumn] {
    guard case .table(let columns) = dataset.preprocessing.input else { throw NotATable() }
    return columns
  }
  private struct NotATable: Error {}

  /// The raw x of examples whose x is standardised by `column`.
  private func rows(_ examples: Examples, _ column: FeatureColumn) -> Set<Int> {
    let values = numbers(examples)
    return Set(
      (0..<examples.count).map {
        Int((Double(values[$0 * examples.width]) * column.deviation + column.mean).rounded())
      })
  }

  /// A fold's numbers are made of its training rows alone: whatever stands in the rows held out, and in the test rows of
  /// the data set, not one bit of what is trained on changes, statistics included.
  @Test(arguments: [0, 1, 2]) func nothingOfTheRowsHeldOutReachesTraining(fold: Int) throws {
    let clean = try data { Double($0) }
    let folds = try StratifiedFolds(labels: clean.labels, classes: clean.classes, count: 3, seed: 42)
    let split = folds.split(holdingOut: fold)
    let part = try clean.dataset(split)
    let trained = rows(part.train, try columns(part)[0])
    #expect(trained.count == split.train.count)
    let spoiled = try data { trained.contains($0) ? Double($0) : 1e6 + Double($0) }
    let after = try spoiled.dataset(split)
    #expect(numbers(after.train) == numbers(part.train))
    #expect(after.train.labels == part.train.labels)
    #expect(after.preprocessing == part.preprocessing)
    // The rows held out did change, and are judged by the training rows' statistics.
    #expect(numbers(after.test) != numbers(part.test))
    #expect(try columns(try spoiled.whole()) != columns(try clean.whole()))
  }

  @Test func foldsDivideTheTrainingRowsAndLeaveTheTestRowsAlone() throws {
    let data = try self.data { Double($0) }
    let whole = try data.whole()
    let trainRows = rows(whole.train, try columns(whole)[0])
    #expect(trainRows.count == 48)
    #expect(data.labels == whole.train.labels)
    let folds = try StratifiedFolds(labels: data.labels, classes: data.classes, count: 4, seed: 42)
    var heldOut: Set<Int> = []
    for fold in 0..<4 {
      let part = try data.dataset(folds.split(holdingOut: fold))
      let column = try columns(part)[0]
      let inside = rows(part.test, column)
      #expect(inside.union(rows(part.train, column)) == trainRows)
      #expect(heldOut.isDisjoint(with: inside))
      heldOut.formUnion(inside)
    }
    #expect(heldOut == trainRows)
  }

  @Test func imagesAreDividedToo() throws {
    let data = try SearchData(
      DatasetRequest(uri: "builtin://digits?count=100&seed=2"), dataRoot: Fixtures.packageRoot)
    let folds = try StratifiedFolds(labels: data.labels, classes: data.classes, count: 2, seed: 42)
    let split = folds.split(holdingOut: 1)
    let part = try data.dataset(split)
    let whole = try data.whole()
    #expect(whole.train.count == 80)
    #expect(part.train.labels == split.train.map { data.labels[Int($0)] })
    let pixels = numbers(whole.train)
    let first = Int(split.test[0])
    #expect(Array(numbers(part.test)[..<784]) == Array(pixels[(first * 784)..<((first + 1) * 784)]))
  }

  @Test func objectivesAndSizesThatTheDataForbidsAreRefused() throws {
    let data = try self.data { Double($0) }
    func error(_ objective: SearchObjective, folds: Int?) throws -> LearningError? {
      let plan = try SearchPlan(
        training: TrainingRequest(algorithm: "LogisticRegression", dataset: DatasetRequest(uri: "unused")),
        search: SearchRequest(
          parameters: [.init(name: "C", values: ["1"])], folds: folds, objective: objective))
      return Fixtures.error { () throws(LearningError) in try LocalSearch(plan, data) }
    }
    #expect(try error(.rocAUC, folds: nil)?.message.contains("the data has 3") == true)
    #expect(try error(.accuracy, folds: 20)?.message.contains("search.folds is \"20\"") == true)
  }
}
