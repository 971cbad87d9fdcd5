/// How good a trained model is, and what it cost.
package struct EvaluationReport: Codable, Sendable, Equatable {
  package var trainAccuracy: Double
  /// Mean cross-entropy in nats, without any penalty.
  package var trainLoss: Double
  /// nil without a test set.
  package var testAccuracy: Double?
  package var testLoss: Double?
  /// Seconds spent in training steps, without loading and the last evaluation.
  package var trainingTime: Double
  /// On the test set, or on the training set where there is no other.
  package var classification: ClassificationReport

  private enum CodingKeys: String, CodingKey {
    case classification
    case trainAccuracy = "train_accuracy"
    case trainLoss = "train_loss"
    case testAccuracy = "test_accuracy"
    case testLoss = "test_loss"
    case trainingTime = "training_time"
  }

  /// - Parameter test: nil or without rows where there is no test set.
  package init(train: Evaluator.Tally, test: Evaluator.Tally?, classes: [String], trainingTime: Double) {
    let held = test.flatMap { $0.count > 0 ? $0 : nil }
    trainAccuracy = train.accuracy
    trainLoss = train.loss
    testAccuracy = held?.accuracy
    testLoss = held?.loss
    self.trainingTime = trainingTime
    classification = ClassificationReport(confusion: (held ?? train).confusion, labels: classes)
  }

  /// The figures under the names users know: train_accuracy, test_accuracy, accuracy, precision, recall, f1_score,
  /// train_loss, test_loss, training_time. The two of the test set are missing where there is none.
  package var metrics: [String: Double] {
    var metrics = [
      "train_accuracy": trainAccuracy, "train_loss": trainLoss, "training_time": trainingTime,
      "accuracy": classification.accuracy, "precision": classification.precision,
      "recall": classification.recall, "f1_score": classification.f1Score,
    ]
    metrics["test_accuracy"] = testAccuracy
    metrics["test_loss"] = testLoss
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
