/// All hyperparameters of one run, defaults filled in.
package struct Hyperparameters: Sendable, Equatable {
  private let values: [String: HyperparameterValue]
  /// The same as text, for the model and its reports.
  package let texts: [String: String]

  /// Checks `given` against the table of `algorithm`.
  /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`; names in alphabetical order, so always the same one.
  package init(_ given: [String: String], for algorithm: Algorithm) throws(TrainingProblem) {
    for name in given.keys.sorted() { _ = try algorithm.hyperparameter(name) }
    var values: [String: HyperparameterValue] = [:]
    var texts: [String: String] = [:]
    for spec in algorithm.hyperparameters.sorted(by: { $0.name < $1.name }) {
      let text = given[spec.name] ?? spec.defaultValue
      values[spec.name] = try spec.parse(text)
      texts[spec.name] = text
    }
    self.values = values
    self.texts = texts
  }

  /// The value of `name`, which the algorithm's table must declare.
  package func value(_ name: String) -> HyperparameterValue {
    guard let value = values[name] else { preconditionFailure("no hyperparameter \(name)") }
    return value
  }

  /// The truth of `name`, which the algorithm's table must declare as a flag.
  package func flag(_ name: String) -> Bool {
    guard case .flag(let value) = values[name] else { preconditionFailure("no flag hyperparameter \(name)") }
    return value
  }

  /// The integer `name`, which the algorithm's table must declare as one.
  package func integer(_ name: String) -> Int {
    guard case .integer(let value) = values[name] else { preconditionFailure("no integer hyperparameter \(name)") }
    return value
  }

  /// The number `name`, which the algorithm's table must declare as one.
  package func number(_ name: String) -> Double {
    guard case .number(let value) = values[name] else { preconditionFailure("no number hyperparameter \(name)") }
    return value
  }

  /// The word `name`, which the algorithm's table must declare as one.
  package func choice(_ name: String) -> String {
    guard case .choice(let value) = values[name] else { preconditionFailure("no choice hyperparameter \(name)") }
    return value
  }

  /// The number or word `name`, which the algorithm's table must declare as either.
  package func numberOrChoice(_ name: String) -> HyperparameterValue {
    guard let value = values[name] else { preconditionFailure("no hyperparameter \(name)") }
    return value
  }
}
