import ArgumentParser
import Foundation
import Learning
import Registries
import TrainingDefinition

extension DatasetFormat: ExpressibleByArgument {
  /// In upper or lower case.
  package init?(argument: String) { self.init(anyCase: argument) }
}

/// Looks into the files of a data set for its schema and statistics.
struct DatasetInspector: Sendable {
  /// Nil: told from the names.
  var format: DatasetFormat?
  /// Whether a CSV file begins with a line of column names.
  var header = true

  struct Inspection {
    /// nil where nothing could be found out.
    var summary: DatasetSummary?
    var warnings: [String] = []
  }

  /// - Throws: `RegistryError.cancelled` where the task is; nothing else: what cannot be read is a warning.
  func inspect(_ path: String, _ progress: (Transfer) -> Void) throws(RegistryError) -> Inspection {
    let files = Self.files(at: path)
    let format = format ?? Self.format(of: files)
    guard let format else {
      return Inspection(warnings: ["\(path) is kept without a summary: it is neither CSV nor IDX by its name"])
    }
    do {
      switch format {
      case .csv: return try csv(files, path, progress)
      case .idx: return try idx(files, progress)
      }
    } catch {
      if Task.isCancelled { throw .cancelled }
      return Inspection(warnings: ["\(path) is kept without a summary: \(error.message)"])
    }
  }

  private func csv(
    _ files: [String], _ path: String, _ progress: (Transfer) -> Void
  ) throws(LearningError) -> Inspection {
    guard let file = files.first, files.count == 1 else {
      return Inspection(
        warnings: ["\(path) is kept without a summary: it has \(files.count) CSV files, and training reads one"])
    }
    let reading = Reading("reading \(Self.name(file))", total: Self.size(file))
    let table = try TableSummary.read(path: file, header: header) { count throws(LearningError) in
      try reading.add(count, progress)
    }
    return Inspection(
      summary: DatasetSummary(
        format: DatasetFormat.csv.rawValue, rows: table.rows, columns: table.columns.map(Self.column)),
      warnings: table.warnings.map { "\(Self.name(file)): \($0)" })
  }

  private func idx(_ files: [String], _ progress: (Transfer) -> Void) throws(LearningError) -> Inspection {
    let images = files.count == 1 ? files : files.filter { Self.isIDX($0) }
    // What is compressed is more than its file has.
    let reading = Reading(
      "reading images", total: images.contains { $0.hasSuffix(".gz") } ? 0 : images.map(Self.size).reduce(0, +))
    let summary = try ImageSummary.read(paths: images) { count throws(LearningError) in
      try reading.add(count, progress)
    }
    return Inspection(
      summary: DatasetSummary(
        format: DatasetFormat.idx.rawValue, rows: summary.rows, columns: summary.columns.map(Self.column)),
      warnings: summary.warnings)
  }

  /// How far the reading of files is.
  private final class Reading {
    private var transfer: Transfer

    init(_ what: String, total: Int) { transfer = Transfer(file: what, done: 0, total: total) }

    func add(_ count: Int, _ progress: (Transfer) -> Void) throws(LearningError) {
      if Task.isCancelled { throw .fileUnreadable(path: transfer.file, detail: "interrupted", retryable: false) }
      transfer.done += count
      progress(Transfer(file: transfer.file, done: transfer.done, total: max(transfer.total, transfer.done)))
    }
  }

  private static func column(_ column: ColumnSummary) -> DatasetSummary.Column {
    let statistics = column.statistics
    let hasNumbers = (statistics?.count ?? 0) > 0
    return DatasetSummary.Column(
      name: column.name, kind: column.kind.rawValue, missing: column.missing, distinct: column.distinct,
      minimum: hasNumbers ? statistics?.minimum : nil, maximum: hasNumbers ? statistics?.maximum : nil,
      mean: statistics?.mean, deviation: statistics?.deviation)
  }

  // MARK: Files

  private static func files(at path: String) -> [String] {
    guard FileReader.isDirectory(path) else { return [path] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted().map { "\(path)/\($0)" }.filter { FileReader.isFile($0) }
  }

  private static func format(of files: [String]) -> DatasetFormat? {
    if files.contains(where: isIDX) { return .idx }
    return !files.isEmpty && files.allSatisfy { DatasetFormat(fileName: $0) == .csv } ? .csv : nil
  }

  private static func isIDX(_ path: String) -> Bool { DatasetFormat(fileName: path) == .idx }

  private static func name(_ path: String) -> String { URL(filePath: path).lastPathComponent }

  private static func size(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }
}
