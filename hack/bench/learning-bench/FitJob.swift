import Glibc
import Learning
import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Trains any algorithm by its name.
///
/// The clock runs from opening the session to its last step. The data is in memory by then, and a model of the first rows
/// was trained and thrown away, so that threads run and kernels are chosen. There is no test set during training: its
/// rows are predicted afterwards, on a clock of their own.
enum FitJob {
  /// Rows of the model that is thrown away.
  private static let warmUpRows = 512

  static func run(_ job: Job) throws(LearningError) -> Outcome {
    let whole = try DatasetLoader.load(
      DatasetRequest(uri: job.data ?? "", format: "idx"), dataRoot: URL(filePath: "/"))
    let train = first(job.trainRows, of: whole.train)
    let test = first(job.testRows, of: whole.test)
    try fit(job, on: dataset(first(warmUpRows, of: train), whole), epochs: 1)

    let data = dataset(train, whole)
    let (seconds, session) = try timed { () throws(LearningError) in try fit(job, on: data, epochs: job.epochs ?? 1) }
    let model = try session.finish()
    var outcome = Outcome(seconds: seconds, metrics: model.metrics)
    outcome.metrics["objective"] = objective(model, rows: train.count)
    try judge(model, on: test, &outcome)
    outcome.engine = try engine()
    return outcome
  }

  @discardableResult
  private static func fit(_ job: Job, on data: Dataset, epochs: Int) throws(LearningError) -> any TrainingSession {
    let request = TrainingRequest(
      algorithm: job.algorithm ?? "", hyperparameters: job.hyperparameters ?? [:],
      dataset: DatasetRequest(uri: job.data ?? ""), epochs: epochs, batchSize: job.batchSize ?? 128)
    let session = try Trainer.load(request, dataset: data)
    while !session.isFinished { try session.step() }
    return session
  }

  /// Predicts from raw pixels, as a served model does.
  private static func judge(_ model: TrainedModel, on test: Examples, _ outcome: inout Outcome) throws(LearningError) {
    guard case .bytes(let pixels, _) = test.features else { return }
    let raw = pixels.array
    let (seconds, predictions) = try timed { () throws(LearningError) in try Predictor(model).predict(pixels: raw) }
    outcome.predictSeconds = seconds
    let classes = model.description.preprocessing.classes
    var right = 0
    var loss = 0.0
    for (prediction, label) in zip(predictions, test.labels) {
      if prediction.label == classes[Int(label)] { right += 1 }
      loss -= log(Double(max(prediction.probabilities[Int(label)], .leastNormalMagnitude)))
    }
    outcome.metrics["test_accuracy"] = Double(right) / Double(test.count)
    outcome.metrics["test_loss"] = loss / Double(test.count)
  }

  /// The penalised loss that logistic regression minimises, over n rows: mean cross-entropy + ‖W‖²/(2·C·n).
  private static func objective(_ model: TrainedModel, rows: Int) -> Double? {
    guard model.description.algorithm == "LogisticRegression",
      let strength = model.description.hyperparameters["C"].flatMap(Double.init),
      let weights = model.tensors.first(where: { $0.shape.count == 2 })?.floats
    else { return nil }
    let square = weights.reduce(0.0) { $0 + Double($1) * Double($1) }
    return model.description.report.trainLoss + square / (2 * strength * Double(rows))
  }

  private static func engine() throws(LearningError) -> String {
    let blas = try Blas.load()
    return "OpenBLAS \(blas.coreName), \(ThreadPool.shared.threads) threads"
  }

  private static func first(_ count: Int?, of examples: Examples) -> Examples {
    guard let count, count < examples.count else { return examples }
    return examples.selecting((0..<count).map { Int32(truncatingIfNeeded: $0) })
  }

  private static func dataset(_ train: Examples, _ whole: Dataset) -> Dataset {
    Dataset(train: train, test: whole.train.selecting([]), preprocessing: whole.preprocessing)
  }
}
