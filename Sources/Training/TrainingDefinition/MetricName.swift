/// The names of a training's figures: in models, in histories, in status, in reports and in filters.
package enum MetricName {
  package static let trainLoss = "train_loss"
  package static let trainAccuracy = "train_accuracy"
  package static let testLoss = "test_loss"
  package static let testAccuracy = "test_accuracy"
  /// On the test rows, or on the training rows where there are none; so are the next ones.
  package static let accuracy = "accuracy"
  package static let precision = "precision"
  package static let recall = "recall"
  package static let f1Score = "f1_score"
  package static let logLoss = "log_loss"
  package static let rocAUC = "roc_auc"
  /// Seconds.
  package static let trainingTime = "training_time"

  /// A trained model's, in the order to show.
  package static let ofModels = [
    accuracy, precision, recall, f1Score, logLoss, rocAUC, trainAccuracy, testAccuracy, trainLoss, testLoss,
    trainingTime,
  ]
}
