import TrainingDefinition

/// Everything that can go wrong between a training request and a trained model.
///
/// Three views of one value: the case (for code), `reason` (a stable CamelCase word for conditions and metrics) and
/// `message` (for people: the field, the value, and what would be right). `retryable` says whether the same request may
/// succeed when tried again unchanged.
package enum LearningError: Error, Sendable, Equatable {
  /// What is asked for cannot be trained, whatever the data.
  case request(TrainingProblem)

  /// A file could not be opened or read. `retryable` is decided from errno.
  case fileUnreadable(path: String, detail: String, retryable: Bool)
  /// The data set URI has a scheme that this version does not read.
  case unsupportedScheme(uri: String, supported: [String])
  /// The format is unknown or cannot be told from the URI.
  case unknownFormat(value: String, supported: [String])
  /// The file is larger than this reader can address.
  case fileTooLarge(path: String, bytes: Int, limit: Int)

  /// A CSV record has another number of cells than the header. `line` counts from 1 and is where the record starts.
  case raggedLine(line: Int, expected: Int, found: Int)
  /// A quote that is never closed.
  case malformedQuote(line: Int, detail: String)
  /// Two columns of one name.
  case duplicateColumn(name: String)
  /// Text where a number must be.
  case notANumber(column: String, line: Int, value: String)
  /// `NaN` or an infinity in a column of numbers.
  case nonFiniteValue(column: String, line: Int, value: String)
  /// A cell that is not known, where the request allows none.
  case missingValue(column: String, line: Int)
  /// A number too large to compute with in 32-bit floating point.
  case valueOutOfRange(column: String)
  /// The target column does not exist. `columns` lists those that do.
  case targetColumnMissing(name: String, columns: [String])
  /// A column to drop does not exist. `columns` lists those that do.
  case dropColumnMissing(name: String, columns: [String])
  /// Nothing is left to learn from once target and dropped columns are taken away.
  case noFeatureColumns(target: String)
  /// No usable rows. `detail` says where they went.
  case emptyDataset(detail: String)
  /// Only one class: there is nothing to tell apart.
  case singleClass(label: String, detail: String)
  /// A class of the test rows that no training row has.
  case unseenClass(label: String, rows: Int)
  /// So many classes that the target is a measurement, not a label.
  case tooManyClasses(column: String, count: Int, limit: Int)
  /// A row that is to be read as a square image has no square number of columns.
  case notSquare(width: Int)
  /// An IDX file whose header or length is wrong.
  case badIDX(path: String, detail: String)

  /// The loss stopped being a finite number.
  case lossDiverged(epoch: Int, step: Int)
  /// A kernel function whose values leave the range of 32-bit floating point on this data.
  case kernelNotFinite(kernel: String)
  /// A checkpoint that is damaged or belongs to another request.
  case badCheckpoint(detail: String)
  /// A model file that is damaged or of another version.
  case badModel(detail: String)
  /// A model that another format cannot hold.
  case notExportable(detail: String)
  /// Rows to predict that do not fit the model's inputs.
  case inputMismatch(detail: String)
  /// No combination of a search has a result on every fold. `detail` says what the first one lacks.
  case noTrialSucceeded(candidates: Int, detail: String)
  /// OpenBLAS could not be loaded on this machine.
  case linearAlgebraUnavailable(detail: String)
}

extension LearningError {
  /// A field of the request has a value that cannot be used, with this data at least.
  package static func invalidRequest(field: String, value: String, expected: String) -> LearningError {
    .request(.invalidRequest(field: field, value: value, expected: expected))
  }

  /// A hyperparameter has a value that cannot be used, with this data at least.
  package static func invalidHyperparameter(name: String, value: String, expected: String) -> LearningError {
    .request(.invalidHyperparameter(name: name, value: value, expected: expected))
  }

  /// Runs what knows of no data, such as the check of a request.
  static func asking<Value>(_ body: () throws(TrainingProblem) -> Value) throws(LearningError) -> Value {
    do { return try body() } catch { throw .request(error) }
  }

  /// A stable CamelCase word for conditions, events and metrics. Never changes once released.
  package var reason: String {
    switch self {
    case .request(let problem): problem.reason
    case .fileUnreadable: "FileUnreadable"
    case .unsupportedScheme: "UnsupportedScheme"
    case .unknownFormat: "UnknownFormat"
    case .fileTooLarge: "FileTooLarge"
    case .raggedLine: "RaggedLine"
    case .malformedQuote: "MalformedQuote"
    case .duplicateColumn: "DuplicateColumn"
    case .notANumber: "NotANumber"
    case .nonFiniteValue: "NonFiniteValue"
    case .missingValue: "MissingValue"
    case .valueOutOfRange: "ValueOutOfRange"
    case .targetColumnMissing: "TargetColumnMissing"
    case .dropColumnMissing: "DropColumnMissing"
    case .noFeatureColumns: "NoFeatureColumns"
    case .emptyDataset: "EmptyDataset"
    case .singleClass: "SingleClass"
    case .unseenClass: "UnseenClass"
    case .tooManyClasses: "TooManyClasses"
    case .notSquare: "NotSquare"
    case .badIDX: "BadIDX"
    case .lossDiverged: "LossDiverged"
    case .kernelNotFinite: "KernelNotFinite"
    case .badCheckpoint: "BadCheckpoint"
    case .badModel: "BadModel"
    case .notExportable: "NotExportable"
    case .inputMismatch: "InputMismatch"
    case .noTrialSucceeded: "NoTrialSucceeded"
    case .linearAlgebraUnavailable: "LinearAlgebraUnavailable"
    }
  }

  /// Whether the same request may succeed later, unchanged. Only trouble reading a file can be of that kind.
  package var retryable: Bool {
    if case .fileUnreadable(_, _, let retryable) = self { return retryable }
    return false
  }
}
