extension SearchRequest {
  /// All that is wrong with the search, as far as it can be told without data.
  package func faults(for algorithm: Algorithm) -> [TrainingFault] {
    var faults: [TrainingFault] = []
    let counts = TrainingLimits.searchParameters
    if !counts.contains(parameters.count) {
      faults.append(
        TrainingFault(
          "search.parameters", value: "\(parameters.count) hyperparameters",
          expected: "from \(counts.lowerBound) to \(counts.upperBound) of them"))
    }
    var names: Set<String> = []
    for (position, parameter) in parameters.enumerated() {
      let path = "search.parameters[\(position)]"
      if !names.insert(parameter.name).inserted {
        faults.append(
          TrainingFault(
            path + ".name", as: "search.parameters", value: parameter.name,
            expected: "named once, with all of its values"))
      }
      do throws(TrainingProblem) {
        faults += parameter.faults(try algorithm.hyperparameter(parameter.name), at: path + ".values")
      } catch { faults.append(TrainingFault(path + ".name", error)) }
    }
    if let folds, let problem = TrainingLimits.folds.problem("search.folds", folds) {
      faults.append(TrainingFault("search.folds", problem))
    }
    if let maxParallel, let problem = TrainingLimits.maxParallel.problem("search.maxParallel", maxParallel) {
      faults.append(TrainingFault("search.maxParallel", problem))
    }
    if let problem = objectiveProblem { faults.append(TrainingFault("search.objective", problem)) }
    if faults.isEmpty, (candidateCount ?? .max) > TrainingLimits.trials.upperBound / (folds ?? 1) {
      let sizes = parameters.map { "\($0.values.count)" } + (folds.map { ["\($0) folds"] } ?? [])
      faults.append(
        TrainingFault(
          "search", value: sizes.joined(separator: " × "),
          expected: "at most \(TrainingLimits.trials.upperBound) trials; give fewer values or fewer folds"))
    }
    return faults
  }

  private var objectiveProblem: TrainingProblem? {
    guard let objective else { return nil }
    do throws(TrainingProblem) {
      _ = try SearchObjective.named(objective)
      return nil
    } catch { return error }
  }

  /// Number of combinations; nil where they are more than can be counted.
  var candidateCount: Int? {
    var count = 1
    for parameter in parameters {
      let (product, overflow) = count.multipliedReportingOverflow(by: parameter.values.count)
      if overflow { return nil }
      count = product
    }
    return count
  }
}

extension SearchRequest.Parameter {
  /// What is wrong with the values, which stand at `path`.
  fileprivate func faults(_ spec: HyperparameterSpec, at path: String) -> [TrainingFault] {
    let field = "search.parameters.\(name).values"
    let counts = TrainingLimits.searchValues
    guard counts.contains(values.count) else {
      return [
        TrainingFault(
          path, as: field, value: "\(values.count) values",
          expected: "from \(counts.lowerBound) to \(counts.upperBound) of them")
      ]
    }
    var faults: [TrainingFault] = []
    var seen: Set<HyperparameterValue> = []
    for (position, text) in values.enumerated() {
      do throws(TrainingProblem) {
        let value = try spec.parse(text)
        // "0.1" and "1e-1" are one value: every trial of the second would only repeat the first's.
        if !seen.insert(value).inserted {
          faults.append(
            TrainingFault(
              "\(path)[\(position)]", as: field, value: text, expected: "different from the other values"))
        }
      } catch { faults.append(TrainingFault("\(path)[\(position)]", error)) }
    }
    return faults
  }
}
