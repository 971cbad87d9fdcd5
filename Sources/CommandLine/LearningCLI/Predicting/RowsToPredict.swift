import Foundation
import Learning
import TrainingDefinition

/// Rows that a model is asked about, and their labels where they are known.
struct RowsToPredict {
  private enum Content {
    case table(CSVTable)
    case pixels([UInt8])
  }

  private let content: Content
  /// A label a row, nil where a row has none; nil where nobody says which they are.
  let truth: [String?]?

  /// Reads the file that fits the model: CSV for tables, IDX for images.
  /// - Parameters:
  ///   - header: whether the first line of a CSV file names its columns.
  ///   - target: the column of the true labels; nil: the one that was learned, if it is there.
  /// - Throws: errors of reading; `targetColumnMissing`; `inputMismatch` where file and model are of different kinds.
  static func read(
    _ path: String, format: String?, header: Bool = true, for preprocessing: Preprocessing, target: String?
  ) throws -> RowsToPredict {
    switch (try DataFile.format(path, named: format), preprocessing.input) {
    case (.csv, .table):
      return try table(try CSVTable(path: path, header: header), preprocessing: preprocessing, target: target)
    case (.idx, .image(let shape, _)):
      let images = try IDXFile.read(path)
      guard Array(images.shape.dropFirst()) == shape else {
        throw LearningError.inputMismatch(
          detail: "\(path) has items of \(sizes(images.shape.dropFirst())), the model takes \(sizes(shape[...]))")
      }
      return RowsToPredict(
        content: .pixels(images.elements.array), truth: try labels(beside: path, count: images.count))
    case (.csv, .image(let shape, _)):
      throw LearningError.inputMismatch(
        detail: "the model takes images of \(sizes(shape[...])), not tables; name an IDX file")
    case (.idx, .table):
      throw LearningError.inputMismatch(
        detail: "the model takes the columns \(preprocessing.featureNames.joined(separator: ", ")); name a CSV file")
    }
  }

  func predicted(by predictor: Predictor) throws(LearningError) -> [Prediction] {
    switch content {
    case .table(let table): try predictor.predict(table)
    case .pixels(let pixels): try predictor.predict(pixels: pixels)
    }
  }

  private static func table(
    _ table: CSVTable, preprocessing: Preprocessing, target: String?
  ) throws(LearningError) -> RowsToPredict {
    let name = target ?? preprocessing.targetColumn ?? ""
    guard let column = table.columns.firstIndex(of: name) else {
      if let target { throw .targetColumnMissing(name: target, columns: table.columns) }
      return RowsToPredict(content: .table(table), truth: nil)
    }
    let truth: [String?] = (0..<table.rowCount).map { row in
      var text = table.text(row: row, column: column)
      return text.withUTF8 { CellParser.isMissing($0) } ? nil : text
    }
    return RowsToPredict(content: .table(table), truth: truth)
  }

  /// MNIST's naming: x-images-idx3-ubyte has its labels in x-labels-idx1-ubyte. Without such a file there is no truth.
  private static func labels(beside path: String, count: Int) throws(LearningError) -> [String?]? {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let name = parts.removeLast()
    let labels = name.replacing("images", with: "labels").replacing("idx3", with: "idx1")
    guard labels != name else { return nil }
    let plain = (parts + [labels.hasSuffix(".gz") ? String(labels.dropLast(3)) : labels]).joined(separator: "/")
    guard let found = [plain, plain + ".gz"].first(where: FileReader.isFile) else { return nil }
    let file = try IDXFile.read(found)
    guard file.shape == [count] else {
      throw .badIDX(path: found, detail: "it has the shape \(file.shape) beside \(count) images")
    }
    return file.elements.array.map { String($0) }
  }

  private static func sizes(_ shape: ArraySlice<Int>) -> String { shape.map(String.init).joined(separator: "×") }
}

/// What a file holds.
enum DataFile {
  /// The format a user named or, where none is named, the one the name suggests.
  /// - Throws: `unknownFormat`, `fileUnreadable`.
  static func format(_ path: String, named name: String?) throws(LearningError) -> DatasetFormat {
    if let name {
      guard let format = DatasetFormat(anyCase: name) else {
        throw .unknownFormat(value: name, supported: DatasetFormat.words)
      }
      return format
    }
    guard FileReader.isFile(path) else {
      throw .fileUnreadable(
        path: path,
        detail: FileReader.isDirectory(path) ? "it is a directory; name a file" : "No such file or directory",
        retryable: false)
    }
    if let format = DatasetFormat(fileName: path) { return format }
    throw .unknownFormat(value: "", supported: DatasetFormat.words)
  }
}
