import Testing
import TrainingDefinition

@testable import Learning

@Suite struct ErrorTests {
  static let all: [LearningError] = [
    .request(.unknownAlgorithm(name: "X", trainable: ["A"])),
    .request(.unknownHyperparameter(name: "x", algorithm: "A", known: ["y"])),
    .invalidHyperparameter(name: "x", value: "1", expected: "2"),
    .invalidRequest(field: "epochs", value: "0", expected: "from 1"),
    .fileUnreadable(path: "/x", detail: "d", retryable: false), .unsupportedScheme(uri: "s3://x", supported: ["file"]),
    .unknownFormat(value: "x", supported: ["csv"]), .fileTooLarge(path: "/x", bytes: 2, limit: 1),
    .raggedLine(line: 3, expected: 2, found: 1), .malformedQuote(line: 1, detail: "d"), .duplicateColumn(name: "c"),
    .notANumber(column: "c", line: 2, value: "v"), .valueOutOfRange(column: "c"),
    .nonFiniteValue(column: "c", line: 2, value: "inf"), .missingValue(column: "c", line: 2),
    .unseenClass(label: "l", rows: 1),
    .targetColumnMissing(name: "t", columns: ["a"]), .dropColumnMissing(name: "t", columns: ["a"]),
    .noFeatureColumns(target: "t"), .emptyDataset(detail: "d"), .singleClass(label: "l", detail: "d"),
    .tooManyClasses(column: "c", count: 2, limit: 1), .badIDX(path: "/x", detail: "d"),
    .lossDiverged(epoch: 1, step: 2), .badCheckpoint(detail: "d"), .badModel(detail: "d"), .inputMismatch(detail: "d"),
    .notExportable(detail: "d"), .kernelNotFinite(kernel: "poly"), .linearAlgebraUnavailable(detail: "d"),
    .notSquare(width: 5), .noTrialSucceeded(candidates: 2, detail: "d"),
  ]

  @Test func reasonsAreDifferentCamelCaseWords() {
    #expect(Set(Self.all.map(\.reason)).count == Self.all.count)
    for error in Self.all {
      #expect(error.reason.first?.isUppercase == true)
      #expect(error.reason.allSatisfy { $0.isLetter })
    }
  }

  @Test func onlyReadingMayBeTriedAgain() {
    #expect(Self.all.filter(\.retryable).isEmpty)
    #expect(LearningError.fileUnreadable(path: "/x", detail: "d", retryable: true).retryable)
  }

  @Test func longValuesAndListsAreCut() {
    let value = String(repeating: "x", count: 5000)
    #expect(LearningError.notANumber(column: "c", line: 1, value: value).message.count < 250)
    let columns = (0..<5000).map { "column\($0)" }
    let message = LearningError.targetColumnMissing(name: "t", columns: columns).message
    #expect(message.count < 800)
    #expect(message.contains("and 4960 more"))
  }

  @Test func directoriesAndMissingFilesAreUnreadableForGood() {
    for path in ["/", "/nowhere/at/all"] {
      let error = Fixtures.error { () throws(LearningError) in try FileReader.read(path) }
      #expect(error?.reason == "FileUnreadable")
      #expect(error?.retryable == false)
    }
  }
}
