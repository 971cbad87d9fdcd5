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
  }
}
