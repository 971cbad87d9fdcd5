import Basics
import FleetAPI
import KubeTypes
import Registries
import TrainingDefinition

extension TrainingTaskStatus {
  /// Puts in how far a training is.
  mutating func take(_ progress: EngineProgress) {
    progressPercentage = progress.percentage
    epoch = progress.epoch
    step = progress.step
    loss = progress.loss.flatMap { DecimalText.text($0, digits: 4) } ?? loss
    accuracy = (progress.testAccuracy ?? progress.accuracy).flatMap { DecimalText.text($0, digits: 4) } ?? accuracy
  }

  /// Puts in how good the trained model is.
  mutating func take(_ metrics: [(name: String, value: Double)]) {
    func value(_ name: String) -> String? {
      metrics.first { $0.name == name }.flatMap { DecimalText.text($0.value, digits: 4) }
    }
    loss = value(MetricName.trainLoss) ?? loss
    accuracy = value(MetricName.testAccuracy) ?? value(MetricName.accuracy) ?? accuracy
    self.metrics = metrics.compactMap { metric in
      DecimalText.text(metric.value, digits: 6).map { Metric(name: metric.name, value: $0) }
    }
  }

  /// Puts in that the model is registered.
  mutating func succeed(_ model: ModelRecord, at time: Timestamp) {
    if metrics == nil { take(model.info.metrics.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) }
    state = .succeeded
    progressPercentage = 100
    self.model = ModelReference(
      name: model.info.name, version: model.version, displayName: model.info.displayName, id: model.id, uri: model.uri)
    completionTime = time
  }

  /// Puts in that a member's part of a training is done, of which another registers the model.
  mutating func succeedAsMember(at time: Timestamp) {
    state = .succeeded
    progressPercentage = 100
    completionTime = time
  }

  /// Puts in that the worker gave the task back.
  mutating func stop(at time: Timestamp) {
    state = .stopped
    completionTime = time
  }

  mutating func fail(_ failure: TrainingFailure, at time: Timestamp) {
    state = .failed
    // A list of all columns of a wide table would not be read, nor be taken by the API.
    let message = String(failure.message.prefix(Self.longestMessage))
    self.failure = TaskFailure(reason: failure.reason, message: message, retryable: failure.retryable)
    completionTime = time
  }

  /// Characters.
  private static let longestMessage = 4096

  /// True of a status after which nothing comes.
  var isFinal: Bool { state.isFinished }

  /// A final status without all that a server could find wrong with it; nil for one that is not final.
  var bareEnd: TrainingTaskStatus? {
    guard isFinal else { return nil }
    var bare = TrainingTaskStatus(state: state)
    bare.failure = failure.map {
      TaskFailure(reason: "ReportRefused", message: String($0.message.prefix(200)), retryable: $0.retryable)
    }
    return bare
  }
}
