import Testing
import TrainingDefinition

@testable import Learning

@Suite struct TableDatasetTests {
  private func load(_ text: String, _ request: DatasetRequest = Fixtures.request()) throws(LearningError) -> Dataset {
    try TableDataset.make(try CSVTable(text: text), request: request)
  }

  private func columns(_ dataset: Dataset) -> [FeatureColumn] {
    if case .table(let columns) = dataset.preprocessing.input { return columns }
    return []
  }

  private func column(_ text: [String]) throws -> FeatureColumn? {
    let rows = text.enumerated().map { "\($1),\($0 % 2)" }.joined(separator: "\n")
    return columns(try load("x,y\n" + rows + "\n")).first
  }

  @Test func kindsAreInferred() throws {
    #expect(try column(["1", "2.5", "-3", ""])?.kind == .number)
    #expect(try column(["TRUE", "false", "", "True"])?.kind == .boolean)
    #expect(try column(["b", "a", "b", "NA"])?.categories == ["a", "b"])
    #expect(try column(["1", "x", "2", "y"])?.kind == .category)
    #expect(try column(["true", "1", "false", "0"])?.kind == .category)
    #expect(try column(["", "", "NA", ""])?.kind == .number)
  }

  @Test func categoriesSortByTheirBytes() throws {
    #expect(try column(["b", "Z", "ä", "a"])?.categories == ["Z", "a", "b", "ä"])
  }

  @Test func statisticsAreThoseOfTheFilledColumn() throws {
    let number = try #require(try column(["1", "2", "", "6"]))
    #expect(number.fill == 3)
    #expect(number.mean == 3)
    #expect(abs(number.deviation - 3.5.squareRoot()) < 1e-12)
    let category = try #require(try column(["b", "a", "b", ""]))
    #expect(category.fill == 1)
    #expect(category.mean == 0.75)
    let constant = try #require(try column(["0.1", "0.1", "0.1", "0.1"]))
    #expect(constant.deviation == 1)
  }

  @Test func aStrayTextInANumericColumnIsAnError() {
    let rows = (0..<30).map { "\($0 == 17 ? "oops" : "\($0)"),\($0 % 2)" }.joined(separator: "\n")
    let error = Fixtures.error { () throws(LearningError) in try load("x,y\n" + rows) }
    #expect(error == .notANumber(column: "x", line: 19, value: "oops"))
  }

  @Test func trainingRowsAreStandardised() throws {
    let rows = (0..<50).map { "\($0 * $0),\($0 % 3)" }.joined(separator: "\n")
    let dataset = try load("x,y\n" + rows, Fixtures.request(testFraction: 0.2))
    guard case .floats(let matrix) = dataset.train.features else {
      Issue.record("a table has float features")
      return
    }
    #expect(dataset.train.count == 40)
    #expect(dataset.test.count == 10)
    let values = matrix.array.map(Double.init)
    #expect(abs(values.reduce(0, +) / 40) < 1e-6)
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 40 - 1) < 1e-5)
  }

  @Test func rowsWithoutATargetAreLeftOut() throws {
    let dataset = try load("x,y\n1,a\n2,\n3,b\n4,NA\n")
    #expect(dataset.train.count == 2)
    #expect(dataset.preprocessing.classes == ["a", "b"])
  }

  @Test func numericTargetsAreOrderedByValue() throws {
    #expect(try load("x,y\n1,10\n2,9\n3,-1\n4,9.0\n").preprocessing.classes == ["-1", "9", "10"])
  }

  @Test func droppedColumnsAreNoFeatures() throws {
    let dataset = try load("id,x,y\n1,5,a\n2,6,b\n", Fixtures.request(drop: ["id"]))
    #expect(dataset.preprocessing.featureNames == ["x"])
  }

  @Test(
    arguments: [
      ("x,y\n1,2\n", "z", [], LearningError.targetColumnMissing(name: "z", columns: ["x", "y"])),
      ("x,y\n1,2\n", nil, [], .targetColumnMissing(name: "", columns: ["x", "y"])),
      ("x,y\n1,2\n", "y", ["q"], .dropColumnMissing(name: "q", columns: ["x", "y"])),
      ("x,y\n1,2\n", "y", ["x"], .noFeatureColumns(target: "y")),
      ("x,y\n", "y", [], .emptyDataset(detail: "the file has a header and no rows")),
      ("x,y\n1,\n2,NA\n", "y", [], .emptyDataset(detail: "the target \"y\" is empty in all 2 rows")),
      ("x,y\n1,a\n2,a\n", "y", [], .singleClass(label: "a", detail: "the data set has")),
      ("x,y\n1e300,a\n-1e300,b\n", "y", [], .valueOutOfRange(column: "x")),
    ] as [(String, String?, [String], LearningError)])
  func badTablesAreNamed(text: String, target: String?, drop: [String], expected: LearningError) {
    let error = Fixtures.error { () throws(LearningError) in
      try load(text, Fixtures.request(target: target, drop: drop))
    }
    #expect(error == expected)
  }

  @Test func aMeasurementIsNoLabel() {
    let rows = (0..<1100).map { "1,\($0).5" }.joined(separator: "\n")
    let error = Fixtures.error { () throws(LearningError) in try load("x,y\n" + rows) }
    #expect(error == .tooManyClasses(column: "y", count: 1100, limit: 1024))
  }
}
