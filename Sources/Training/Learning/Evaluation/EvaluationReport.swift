import TrainingDefinition

/// How good a trained model is, and what it cost.
package struct EvaluationReport: Codable, Sendable, Equatable {
  package var train: SplitReport
  /// nil without a test set.
  package var test: SplitReport?
  /// Seconds spent in training steps, without loading and the last evaluation.
  package var trainingTime: Double

  private enum CodingKeys: String, CodingKey {
    case train, test
    case trainingTime = "training_time"
  }

  /// - Parameter test: nil or without rows where there is no test set.
  package init(train: Evaluator.Tally, test: Evaluator.Tally?, classes: [String], trainingTime: Double) {
    self.train = SplitReport(train, classes: classes)
    self.test = test.flatMap { $0.count > 0 ? SplitReport($0, classes: classes) : nil }
    self.trainingTime = trainingTime
  }

  package var trainAccuracy: Double { train.accuracy }
  package var trainLoss: Double { train.logLoss }
  package var testAccuracy: Double? { test?.accuracy }
  package var testLoss: Double? { test?.logLoss }

  /// On the test set, or on the training set where there is no other.
  package var judged: SplitReport { test ?? train }
  package var classification: ClassificationReport { judged.classification }

  /// The figures under the names users know: train_accuracy, test_accuracy, accuracy, precision, recall, f1_score,
  /// train_loss, test_loss, log_loss, roc_auc, training_time. The two of the test set are missing where there is none,
  /// roc_auc where there are not exactly two classes.
  package var metrics: [String: Double] {
    var metrics = [
      MetricName.trainAccuracy: trainAccuracy, MetricName.trainLoss: trainLoss, MetricName.trainingTime: trainingTime,
      MetricName.accuracy: classification.accuracy, MetricName.precision: classification.precision,
      MetricName.recall: classification.recall, MetricName.f1Score: classification.f1Score,
      MetricName.logLoss: judged.logLoss,
    ]
    metrics[MetricName.testAccuracy] = testAccuracy
    metrics[MetricName.testLoss] = testLoss
    metrics[MetricName.rocAUC] = judged.rocAUC
    return metrics
  }
}

/// One epoch in a run's history. For LogisticRegression an epoch is one iteration of L-BFGS, for an SVM a pair of classes
/// with the mean hinge loss and the accuracy of its rows.
package struct EpochRecord: Codable, Sendable, Equatable {
  /// From 1.
  package var epoch: Int
  /// Over the epoch's batches as they were trained on, dropout included.
  package var trainLoss: Double
  package var trainAccuracy: Double
  /// At the epoch's end; nil without a test set or where it was not measured.
  package var testLoss: Double?
  package var testAccuracy: Double?
  /// Time the epoch took.
  package var seconds: Double

  private enum CodingKeys: String, CodingKey {
    case epoch, seconds
    case trainLoss = "train_loss"
    case trainAccuracy = "train_accuracy"
    case testLoss = "test_loss"
    case testAccuracy = "test_accuracy"
  }

  package init(
    epoch: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double? = nil, testAccuracy: Double? = nil,
    seconds: Double
  ) {
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.seconds = seconds
  }
}
