/// The algorithms this version trains, in the order that lists of them have. Names, hyperparameters and defaults are those
/// of scikit-learn and Keras.
package enum Algorithm: String, CaseIterable, Sendable {
  /// Multinomial logistic regression with an L2 penalty, by L-BFGS over all rows.
  case logisticRegression = "LogisticRegression"
  /// A support vector machine for each pair of classes, with a kernel.
  case svm = "SVM"
  /// One classification tree (CART).
  case decisionTree = "DecisionTree"
  /// Classification trees on bootstrap samples and random features, averaged.
  case randomForest = "RandomForest"
  /// Dense128 relu, Dense64 relu, softmax.
  case dnn = "DNN"
  /// Dense128 relu, dropout, Dense128 relu, dropout, softmax.
  case mlp = "MLP"
  /// Convolutions, then Dense128 relu, softmax.
  case cnn = "CNN"
  /// LSTM128 over the rows of an image, dropout, Dense128 relu, dropout, softmax.
  case lstm = "LSTM"

  /// The algorithm of this name.
  /// - Throws: `unknownAlgorithm`, listing what can be trained.
  package static func named(_ name: String) throws(TrainingProblem) -> Algorithm {
    guard let algorithm = Algorithm(rawValue: name) else {
      throw .unknownAlgorithm(name: name, trainable: allCases.map(\.rawValue))
    }
    return algorithm
  }

  /// Whether it is a neural network: trained in epochs and batches, with layers that a request may replace.
  package var isNetwork: Bool {
    switch self {
    case .dnn, .mlp, .cnn, .lstm: true
    case .logisticRegression, .svm, .decisionTree, .randomForest: false
    }
  }

  /// The hyperparameters it has.
  package var hyperparameters: [HyperparameterSpec] {
    switch self {
    case .logisticRegression: HyperparameterSpec.logistic
    case .svm: HyperparameterSpec.supportVectors
    case .decisionTree: HyperparameterSpec.decisionTree
    case .randomForest: HyperparameterSpec.randomForest
    case .mlp: HyperparameterSpec.gradient + [.dropout("0.2"), .randomState]
    case .dnn: HyperparameterSpec.gradient + [.randomState]
    case .cnn: HyperparameterSpec.gradient + [.dropout("0.5"), .randomState]
    case .lstm: HyperparameterSpec.gradient + [.dropout("0.2"), .randomState]
    }
  }

  /// The hyperparameter of this name.
  /// - Throws: `unknownHyperparameter`, listing those it has.
  package func hyperparameter(_ name: String) throws(TrainingProblem) -> HyperparameterSpec {
    let specs = hyperparameters
    guard let spec = specs.first(where: { $0.name == name }) else {
      throw .unknownHyperparameter(name: name, algorithm: rawValue, known: specs.map(\.name))
    }
    return spec
  }

  /// What is wrong with one hyperparameter of a request: its name is not known, or its value is of the wrong kind or out of
  /// bounds. nil where nothing is.
  func problem(with given: Hyperparameter) -> TrainingProblem? {
    do throws(TrainingProblem) {
      _ = try hyperparameter(given.name).parse(given.value)
      return nil
    } catch { return error }
  }

  /// All that is wrong with the hyperparameters of a request, each by itself, at paths such as `hyperparameters[1].value`.
  package func faults(in given: [Hyperparameter]) -> [TrainingFault] {
    given.enumerated().compactMap { position, parameter in
      guard let problem = problem(with: parameter) else { return nil }
      let member = if case .unknownHyperparameter = problem { "name" } else { "value" }
      return TrainingFault("hyperparameters[\(position)].\(member)", problem)
    }
  }
}
