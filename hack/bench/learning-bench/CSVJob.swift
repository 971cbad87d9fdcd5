import Learning
import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads a table from a file that is in the page cache: types found out, texts encoded, unknown cells filled, rows split
/// 80 : 20, columns standardised by the training rows, 32-bit matrices made.
enum CSVJob {
  static func run(_ job: Job) throws(LearningError) -> Outcome {
    let request = DatasetRequest(uri: job.data ?? "", format: "csv", targetColumn: job.target)
    let (seconds, dataset) = try timed { () throws(LearningError) in
      try DatasetLoader.load(request, dataRoot: URL(filePath: "/"))
    }
    return Outcome(
      seconds: seconds,
      metrics: [
        "rows": Double(dataset.train.count + dataset.test.count), "columns": Double(dataset.train.width),
        "classes": Double(dataset.classCount),
      ])
  }
}
