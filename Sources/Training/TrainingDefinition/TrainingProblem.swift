/// What is wrong with a training that is asked for, as far as it can be told without its data.
package enum TrainingProblem: Error, Sendable, Equatable {
  /// The algorithm cannot be trained by this version. `trainable` lists those that can.
  case unknownAlgorithm(name: String, trainable: [String])
  /// The algorithm has no hyperparameter of this name. `known` lists those it has.
  case unknownHyperparameter(name: String, algorithm: String, known: [String])
  /// A hyperparameter's value has the wrong type or lies outside its bounds.
  case invalidHyperparameter(name: String, value: String, expected: String)
  /// A field of the request other than a hyperparameter has a value that cannot be used.
  case invalidRequest(field: String, value: String, expected: String)

  /// A stable CamelCase word for conditions, events and metrics. Never changes once released.
  package var reason: String {
    switch self {
    case .unknownAlgorithm: "UnknownAlgorithm"
    case .unknownHyperparameter: "UnknownHyperparameter"
    case .invalidHyperparameter: "InvalidHyperparameter"
    case .invalidRequest: "InvalidRequest"
    }
  }

  /// One sentence for people: the field, the value, and what would be right.
  package var message: String {
    switch self {
    case .unknownAlgorithm(let name, let trainable):
      "algorithm \(name.inQuotes) cannot be trained by this version; it trains \(trainable.listed)"
    case .unknownHyperparameter(let name, let algorithm, let known):
      "\(algorithm) has no hyperparameter \(name.inQuotes); it has \(known.listed)"
    case .invalidHyperparameter(let name, let value, let expected):
      "hyperparameter \(name) is \(value.inQuotes); it must be \(expected)"
    case .invalidRequest(let field, let value, let expected):
      "\(field) is \(value.inQuotes); it must be \(expected)"
    }
  }
}

extension TrainingProblem: CustomStringConvertible {
  package var description: String { "\(reason): \(message)" }
}
