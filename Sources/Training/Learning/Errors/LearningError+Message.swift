extension LearningError: CustomStringConvertible {
  /// One sentence or two for people: the field, the value, and what would be right.
  package var message: String {
    switch self {
    case .unknownAlgorithm(let name, let trainable):
      "algorithm \(quoted(name)) cannot be trained by this version; it trains \(listed(trainable))"
    case .unknownHyperparameter(let name, let algorithm, let known):
      "\(algorithm) has no hyperparameter \(quoted(name)); it has \(listed(known))"
    case .invalidHyperparameter(let name, let value, let expected):
      "hyperparameter \(name) is \(quoted(value)); it must be \(expected)"
    case .invalidRequest(let field, let value, let expected):
      "\(field) is \(quoted(value)); it must be \(expected)"
    case .fileUnreadable(let path, let detail, _):
      "cannot read \(path): \(detail)"
    case .unsupportedScheme(let uri, let supported):
      "data set URI \(quoted(uri)) has a scheme this version does not read; it reads \(listed(supported))"
    case .unknownFormat(let value, let supported):
      "data set format \(quoted(value)) is not known; formats are \(listed(supported))"
    case .fileTooLarge(let path, let bytes, let limit):
      "\(path) has \(bytes) bytes; at most \(limit) can be read"
    case .raggedLine(let line, let expected, let found):
      "line \(line) has \(found) \(found == 1 ? "cell" : "cells") where the header has \(expected)"
    case .malformedQuote(let line, let detail):
      "line \(line): \(detail)"
    case .duplicateColumn(let name):
      "the header names column \(quoted(name)) twice; column names must differ"
    case .notANumber(let column, let line, let value):
      "column \(quoted(column)), line \(line): \(quoted(value)) is not a number; leave the cell empty if it is unknown"
    case .nonFiniteValue(let column, let line, let value):
      "column \(quoted(column)), line \(line): \(quoted(value)) is no finite number; leave the cell empty if it is "
        + "unknown, or correct it"
    case .missingValue(let column, let line):
      "column \(quoted(column)), line \(line): the value is missing; fill it in, or set missingValues to impute or "
        + "dropRows"
    case .valueOutOfRange(let column):
      "column \(quoted(column)) has values too large for 32-bit floating point; scale it before training"
    case .targetColumnMissing(let name, let columns):
      name.isEmpty
        ? "no target column is named; the columns are \(listed(columns))"
        : "there is no target column \(quoted(name)); the columns are \(listed(columns))"
    case .dropColumnMissing(let name, let columns):
      "there is no column \(quoted(name)) to drop; the columns are \(listed(columns))"
    case .noFeatureColumns(let target):
      "no column is left to learn from besides the target \(quoted(target)); drop fewer columns"
    case .emptyDataset(let detail):
      "the data set has no usable rows: \(detail)"
    case .singleClass(let label, let detail):
      "\(detail) only the class \(quoted(label)); at least two classes are needed"
    case .unseenClass(let label, let rows):
      "class \(quoted(label)) has \(rows) test \(rows == 1 ? "row" : "rows") and no training row; set stratified to "
        + "true, choose another seed or a smaller testFraction, or add rows of this class to the training set"
    case .tooManyClasses(let column, let count, let limit):
      "target column \(quoted(column)) has \(count) different values, more than the \(limit) classes allowed; "
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

  /// A value from outside, in quotes, cut so that a hostile cell cannot fill a condition.
  private func quoted(_ text: String) -> String {
    text.count <= 64 ? "\"\(text)\"" : "\"\(text.prefix(64))…\""
  }

  /// A list of names, cut after 40: wide tables have hundreds of columns and a condition holds 32 KiB.
  private func listed(_ names: [String]) -> String {
    guard names.count > 40 else { return names.joined(separator: ", ") }
    return names.prefix(40).joined(separator: ", ") + " and \(names.count - 40) more"
  }
}
