import TrainingDefinition

extension LearningError: CustomStringConvertible {
  /// One sentence or two for people: the field, the value, and what would be right.
  package var message: String {
    switch self {
    case .request(let problem): problem.message
    case .fileUnreadable(let path, let detail, _):
      "cannot read \(path): \(detail)"
    case .unsupportedScheme(let uri, let supported):
      "data set URI \(uri.inQuotes) has a scheme this version does not read; it reads \(supported.listed)"
    case .unknownFormat(let value, let supported):
      "data set format \(value.inQuotes) is not known; formats are \(supported.listed)"
    case .fileTooLarge(let path, let bytes, let limit):
      "\(path) has \(bytes) bytes; at most \(limit) can be read"
    case .raggedLine(let line, let expected, let found):
      "line \(line) has \(found) \(found == 1 ? "cell" : "cells") where the header has \(expected)"
    case .malformedQuote(let line, let detail):
      "line \(line): \(detail)"
    case .duplicateColumn(let name):
      "the header names column \(name.inQuotes) twice; column names must differ"
    case .notANumber(let column, let line, let value):
      "column \(column.inQuotes), line \(line): \(value.inQuotes) is not a number; leave the cell empty if it is unknown"
    case .nonFiniteValue(let column, let line, let value):
      "column \(column.inQuotes), line \(line): \(value.inQuotes) is no finite number; leave the cell empty if it is "
        + "unknown, or correct it"
    case .missingValue(let column, let line):
      "column \(column.inQuotes), line \(line): the value is missing; fill it in, or set missingValues to impute or "
        + "dropRows"
    case .valueOutOfRange(let column):
      "column \(column.inQuotes) has values too large for 32-bit floating point; scale it before training"
    case .targetColumnMissing(let name, let columns):
      name.isEmpty
        ? "no target column is named; the columns are \(columns.listed)"
        : "there is no target column \(name.inQuotes); the columns are \(columns.listed)"
    case .dropColumnMissing(let name, let columns):
      "there is no column \(name.inQuotes) to drop; the columns are \(columns.listed)"
    case .noFeatureColumns(let target):
      "no column is left to learn from besides the target \(target.inQuotes); drop fewer columns"
    case .emptyDataset(let detail):
      "the data set has no usable rows: \(detail)"
    case .singleClass(let label, let detail):
      "\(detail) only the class \(label.inQuotes); at least two classes are needed"
    case .unseenClass(let label, let rows):
      "class \(label.inQuotes) has \(rows) test \(rows == 1 ? "row" : "rows") and no training row; set stratified to "
        + "true, choose another seed or a smaller testFraction, or add rows of this class to the training set"
    case .tooManyClasses(let column, let count, let limit):
      "target column \(column.inQuotes) has \(count) different values, more than the \(limit) classes allowed; "
        + "choose a column of labels"
    case .notSquare(let width):
      "CNN reads a row of a table as a square image, and \(width) feature columns make none; "
        + "drop columns down to \(Self.side(width) * Self.side(width)), add some up to "
        + "\((Self.side(width) + 1) * (Self.side(width) + 1)), or use DNN"
    case .badIDX(let path, let detail):
      "\(path) is not a valid IDX file: \(detail)"
    case .lossDiverged(let epoch, let step):
      "the loss is no longer a finite number in epoch \(epoch), step \(step); try a smaller learning_rate"
    case .kernelNotFinite(let kernel):
      "the kernel \(kernel) has values too large for 32-bit floating point on this data; choose a smaller gamma, coef0 "
        + "or degree"
    case .badCheckpoint(let detail):
      "the checkpoint cannot be used: \(detail)"
    case .badModel(let detail):
      "the model file cannot be used: \(detail)"
    case .notExportable(let detail):
      "the model cannot be exported: \(detail)"
    case .inputMismatch(let detail):
      "the rows do not fit the model: \(detail)"
    case .noTrialSucceeded(let candidates, let detail):
      "none of the search's \(candidates) combinations could be judged; of the first, \(detail)"
    case .linearAlgebraUnavailable(let detail):
      "OpenBLAS is not available: \(detail)"
    }
  }

  package var description: String { "\(reason): \(message)" }

  /// The side of the largest square of at most `width` cells.
  private static func side(_ width: Int) -> Int { Int(Double(width).squareRoot()) }
}
