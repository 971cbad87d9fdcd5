import Basics
import KubeTypes
import TrainingDefinition

extension FieldError {
  /// A problem of the training that a job asks for, in the trainer's words.
  init(_ fault: TrainingFault) {
    let field = "spec." + fault.path
    switch fault.problem {
    case .unknownAlgorithm(let name, _), .unknownHyperparameter(let name, _, _):
      self.init(field, .unsupported, .string(name), fault.problem.message)
    case .invalidHyperparameter(let name, let value, let expected):
      self.init(field, .invalid, .string(value), "\(name) must be \(expected)")
    case .invalidRequest(_, let value, let expected):
      self.init(field, .invalid, .string(value), "must be \(expected)")
    }
    trainer = TaskFailure(reason: fault.problem.reason, message: fault.problem.message, retryable: false)
  }
}

extension TaskFailure {
  /// What a job fails with whose spec has these errors; nil where there are none. One that the trainer would refuse as well
  /// fails in the trainer's own words, as if a worker had been asked.
  package init?(invalidSpec errors: [FieldError]) {
    guard !errors.isEmpty else { return nil }
    if errors.count == 1, let words = errors[0].trainer {
      self = words
      return
    }
    self.init(
      reason: JobCondition.Reason.invalidSpec, message: errors.map(\.description).joined(separator: "; "),
      retryable: false)
  }
}
