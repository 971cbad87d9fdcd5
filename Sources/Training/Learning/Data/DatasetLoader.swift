import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Turns a request into a data set: find, read, split, encode, scale.
package enum DatasetLoader {
  /// - Parameter dataRoot: where relative paths start.
  /// - Throws: every data error of `LearningError`.
  package static func load(_ request: DatasetRequest, dataRoot: URL) throws(LearningError) -> Dataset {
    if let fault = request.reading.faults.first { throw .request(fault.problem) }
    switch try DatasetLocation.resolve(request.uri, dataRoot: dataRoot) {
    case .digits(let count, let seed):
      return try ImageDataset.make(DigitGenerator.images(count: count, seed: seed), request: request)
    case .path(let path):
      switch try format(request.format, path: path) {
      case .csv: return try TableDataset.load(path: path, request: request)
      case .idx: return try ImageDataset.load(path: path, request: request)
      }
    }
  }

  /// A data set out of a table that is in memory; `request.uri` is not looked at.
  /// - Throws: every data error of `LearningError`.
  package static func load(_ table: CSVTable, request: DatasetRequest) throws(LearningError) -> Dataset {
    try TableDataset.make(table, request: request)
  }

  /// The format a user named or, where none is named, the one the path suggests.
  static func format(_ name: String?, path: String) throws(LearningError) -> DatasetFormat {
    if let name, !name.isEmpty {
      guard let format = DatasetFormat(anyCase: name) else {
        throw .unknownFormat(value: name, supported: DatasetFormat.words)
      }
      return format
    }
    if let format = DatasetFormat(fileName: path) { return format }
    if FileReader.isDirectory(path) { return .idx }
    // A name that says nothing is most often a typing mistake in a path: tell that first.
    guard FileReader.isFile(path) else {
      throw .fileUnreadable(path: path, detail: "No such file or directory", retryable: false)
    }
    throw .unknownFormat(value: "", supported: DatasetFormat.words)
  }
}
