/// One hyperparameter of a request, as text; the algorithm says what it may be.
package struct Hyperparameter: Sendable, Hashable, Codable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

extension [Hyperparameter] {
  /// Values by name.
  /// - Throws: `invalidRequest` for a name that is given twice.
  package func byName() throws(TrainingProblem) -> [String: String] {
    var values: [String: String] = [:]
    for parameter in self {
      guard values.updateValue(parameter.value, forKey: parameter.name) == nil else {
        throw .invalidRequest(field: "hyperparameters", value: parameter.name, expected: "given only once")
      }
    }
    return values
  }
}
