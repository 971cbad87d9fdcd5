import Testing
import TrainingDefinition

@testable import Learning

@Suite struct TablePolicyTests {
  private func load(_ text: String, _ change: (inout DatasetRequest) -> Void = { _ in }) throws(LearningError)
    -> Dataset
  {
    var request = Fixtures.request()
    change(&request)
    return try TableDataset.make(try CSVTable(text: text, header: request.header), request: request)
  }

  @Test func rowsWithUnknownCellsCanBeDropped() throws {
    let dataset = try load("a,b,y\n1,x,0\n,x,1\n3,,0\n4,z,1\n5,x,\n") { $0.missingValues = Open(.dropRows) }
    #expect(dataset.train.count == 2)
    let nothing = Fixtures.error { () throws(LearningError) in
      try load("a,b,y\n1,,0\n,x,1\n") { $0.missingValues = Open(.dropRows) }
    }
    #expect(nothing?.reason == "EmptyDataset")
    #expect(nothing?.message.contains("dropRows") == true)
  }

  @Test(arguments: [
    ("a,b,y\n1,x,0\n2,\"\",1\n", LearningError.missingValue(column: "b", line: 3)),
    ("a,b,y\n1,x,0\nNA,z,1\n", .missingValue(column: "a", line: 3)),
    ("a,b,y\n1,\"x\n\",0\n2,z,\n", .missingValue(column: "y", line: 4)),
  ]) func unknownCellsCanBeErrors(text: String, expected: LearningError) {
    #expect(
      Fixtures.error { () throws(LearningError) in try load(text) { $0.missingValues = Open(.error) } } == expected)
  }

  @Test(arguments: ["inf", "-Infinity", "NaN", "nan", "1e999", "+INF"]) func numbersAreFinite(text: String) {
    for rows in ["1,0\n2,1\n\(text),0\n", "1,0\n2,1\n\"\(text)\",0\n"] {
      let error = Fixtures.error { () throws(LearningError) in try load("x,y\n" + rows) }
      #expect(error == .nonFiniteValue(column: "x", line: 4, value: text))
    }
  }

  @Test func amongTextsNaNIsUnknown() throws {
    let dataset = try load("x,y\nred,0\nNaN,1\nblue,0\n")
    guard case .table(let columns) = dataset.preprocessing.input else {
      Issue.record("a table has columns")
      return
    }
    #expect(columns[0].categories == ["blue", "red"])
  }

  @Test func predictionRefusesWhatTrainingDoes() {
    let encoder = TableEncoder(columns: [FeatureColumn(name: "x", kind: .number)])
    let error = Fixtures.error { () throws(LearningError) in try encoder.encode([["x": "1"], ["x": "inf"]]) }
    #expect(error == .nonFiniteValue(column: "x", line: 2, value: "inf"))
  }

  @Test(arguments: ["column3", "3"]) func filesMayLackAHeader(target: String) throws {
    let dataset = try load("1,a,0\n2,b,1\n") {
      $0.header = false
      $0.targetColumn = target
      $0.dropColumns = ["2"]
    }
    #expect(dataset.train.count == 2)
    #expect(dataset.preprocessing.featureNames == ["column1"])
    #expect(dataset.preprocessing.targetColumn == "column3")
    let error = Fixtures.error { () throws(LearningError) in
      try load("1,a\n") {
        $0.header = false
        $0.targetColumn = "3"
      }
    }
    #expect(error == .targetColumnMissing(name: "3", columns: ["column1", "column2"]))
  }

  @Test func withAHeaderPlacesAreNoNames() {
    let error = Fixtures.error { () throws(LearningError) in try load("a,y\n1,0\n") { $0.targetColumn = "2" } }
    #expect(error?.reason == "TargetColumnMissing")
  }

  @Test func identifiersAndCopiesOfTheTargetAreNoticed() throws {
    let rows = (0..<40).map { "\(39 - $0 + 7),k\($0 * 7),\($0 * $0),\($0 % 3 * 10),t\($0 % 3),\($0 % 2)" }
    let header = "id,key,square,code,name,half"
    var request = Fixtures.request(target: "name")
    request.testFraction = 0.25
    let dataset = try TableDataset.make(
      try CSVTable(text: header + "\n" + rows.joined(separator: "\n")), request: request)
    #expect(
      dataset.warnings == [
        DatasetWarning(reason: .identifierColumn, column: "id"),
        DatasetWarning(reason: .identifierColumn, column: "key"),
        DatasetWarning(reason: .equalsTarget, column: "code"),
      ])
    let few = try load("id,y\n1,0\n2,1\n3,0\n")
    #expect(few.warnings.isEmpty)
  }

  @Test func warningsTravelWithTheModel() throws {
    let rows = (0..<30).map { "\($0),\($0 * $0 % 7),\($0 % 2)" }.joined(separator: "\n")
    let dataset = try load("id,x,y\n" + rows)
    let session = try Trainer.load(
      TrainingRequest(algorithm: "LogisticRegression", dataset: Fixtures.request()), dataset: dataset)
    try session.step()
    let model = try TrainedModel(decoding: try session.finish().encoded())
    #expect(model.description.warnings == [DatasetWarning(reason: .identifierColumn, column: "id")])
    #expect(model.description.warnings[0].message.contains("dropColumns"))
  }

  @Test func everyTestedClassIsTrained() throws {
    // One row of the class "rare": some seed puts it into the test set.
    let text = "x,y\n" + (0..<10).map { "\($0 * $0),\($0 % 2)" }.joined(separator: "\n") + "\n7,rare\n"
    var reasons: Set<String> = []
    for seed in 0..<20 as Range<UInt64> {
      do throws(LearningError) {
        _ = try load(text) {
          $0.testFraction = 0.3
          $0.seed = Int(seed)
        }
        reasons.insert("")
      } catch { reasons.insert(error.reason) }
      let stratified = try load(text) {
        $0.testFraction = 0.3
        $0.seed = Int(seed)
        $0.stratified = true
      }
      #expect(stratified.train.labels.contains(2))
    }
    #expect(reasons == ["", "UnseenClass"])
  }
}
