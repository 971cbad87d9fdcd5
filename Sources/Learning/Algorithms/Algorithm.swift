/// The algorithms this version trains. Names, hyperparameters and defaults are those of scikit-learn and Keras.
package enum Algorithm: String, CaseIterable, Sendable {
  /// Multinomial logistic regression with an L2 penalty, by L-BFGS over all rows.
  case logisticRegression = "LogisticRegression"
  /// A support vector machine for each pair of classes, with a kernel.
  case supportVectors = "SVM"
  /// Dense128 relu, dropout, Dense128 relu, dropout, softmax.
  case mlp = "MLP"
  /// Dense128 relu, Dense64 relu, softmax.
  case dnn = "DNN"
  /// One classification tree (CART).
  case decisionTree = "DecisionTree"
  /// Classification trees on bootstrap samples and random features, averaged.
  case randomForest = "RandomForest"

  /// The algorithm of this name.
  /// - Throws: `unknownAlgorithm`, listing what can be trained.
  package static func named(_ name: String) throws(LearningError) -> Algorithm {
    guard let algorithm = Algorithm(rawValue: name) else {
      throw .unknownAlgorithm(name: name, trainable: allCases.map(\.rawValue))
    }
    return algorithm
  }

  /// The hyperparameters it has.
  package var hyperparameters: [HyperparameterSpec] {
    switch self {
    case .logisticRegression: HyperparameterSpec.logistic
    case .supportVectors: HyperparameterSpec.supportVectors
    case .mlp: HyperparameterSpec.gradient + [.dropout, .randomState]
    case .dnn: HyperparameterSpec.gradient + [.randomState]
    case .decisionTree: HyperparameterSpec.decisionTree
    case .randomForest: HyperparameterSpec.randomForest
    }
  }
}
