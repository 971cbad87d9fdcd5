import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The data of a search, from which each trial's part is cut.
///
/// Only the training rows of the data set are divided: its test rows judge the model that comes out in the end and must
/// not have had a say in which one that is. A table is kept as it was read and standardised anew for each fold, so that
/// means, deviations and what stands in for unknown cells never come from rows the fold is judged on. Images have no such
/// statistics: their rows are copied.
///
/// Not Sendable, but reading only: several threads may ask for datasets at once.
package final class SearchData {
  private enum Source {
    case table(TableColumns, DatasetRequest)
    case ready(Dataset)
  }

  private let source: Source
  /// Class numbers of the training rows.
  package let labels: [Int32]
  /// The classes' names.
  package let classes: [String]

  /// Loads what `request` names.
  /// - Throws: every data error of `LearningError`.
  package convenience init(_ request: DatasetRequest, dataRoot: URL) throws(LearningError) {
    if case .path(let path) = try DatasetLocation.resolve(request.uri, dataRoot: dataRoot),
      try DatasetLoader.format(request.format, path: path) == .csv
    {
      try self.init(try TableDataset.columns(path: path, request: request), request)
    } else {
      let dataset = try DatasetLoader.load(request, dataRoot: dataRoot)
      self.init(.ready(dataset), dataset)
    }
  }

  /// `columns` are those that `request` wants of its file; its `uri` is not looked at.
  convenience init(_ columns: TableColumns, _ request: DatasetRequest) throws(LearningError) {
    self.init(.table(columns, request), try TableDataset.assemble(columns, request: request))
  }

  private init(_ source: Source, _ whole: Dataset) {
    self.source = source
    labels = whole.train.labels
    classes = whole.preprocessing.classes
  }

  /// All training rows, and the test rows of the data set.
  package func whole() throws(LearningError) -> Dataset {
    switch source {
    case .table(let table, let request): try TableDataset.assemble(table, request: request)
    case .ready(let dataset): dataset
    }
  }

  /// Those of the training rows that `inner` names, for training and for judging.
  package func dataset(_ inner: TrainTestSplit) throws(LearningError) -> Dataset {
    switch source {
    case .table(let table, let request):
      return try TableDataset.assemble(table, request: request) { outer in
        TrainTestSplit(train: inner.train.map { outer.train[Int($0)] }, test: inner.test.map { outer.train[Int($0)] })
      }
    case .ready(let dataset):
      return Dataset(
        train: dataset.train.selecting(inner.train), test: dataset.train.selecting(inner.test),
        preprocessing: dataset.preprocessing)
    }
  }
}
