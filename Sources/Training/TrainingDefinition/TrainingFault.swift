/// Something that is wrong with a training that is asked for, and where it stands in the job's spec.
package struct TrainingFault: Sendable, Equatable {
  /// Such as `search.parameters[0].values[2]`.
  package var path: String
  package var problem: TrainingProblem

  package init(_ path: String, _ problem: TrainingProblem) {
    self.path = path
    self.problem = problem
  }

  /// A field that has a value it cannot have.
  /// - Parameter field: how a message names it, where that is not its path.
  init(_ path: String, as field: String? = nil, value: String, expected: String) {
    self.init(path, .invalidRequest(field: field ?? path, value: value, expected: expected))
  }
}
