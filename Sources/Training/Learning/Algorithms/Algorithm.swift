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
  /// Convolutions, then Dense128 relu, softmax; see `NetworkShape`.
  case cnn = "CNN"
  /// LSTM128 over the rows of an image, dropout, Dense128 relu, dropout, softmax.
  case lstm = "LSTM"

  /// The algorithm of this name.
  /// - Throws: `unknownAlgorithm`, listing what can be trained.
  package static func named(_ name: String) throws(LearningError) -> Algorithm {
    guard let algorithm = Algorithm(rawValue: name) else {
      throw .unknownAlgorithm(name: name, trainable: allCases.map(\.rawValue))
    }
    return algorithm
  }

  /// Whether a request may replace its layers.
  package var takesLayers: Bool {
    switch self {
    case .mlp, .dnn, .cnn, .lstm: true
    default: false
    }
  }

  /// The hyperparameters it has.
  package var hyperparameters: [HyperparameterSpec] {
    switch self {
    case .logisticRegression: HyperparameterSpec.logistic
    case .supportVectors: HyperparameterSpec.supportVectors
    case .decisionTree: HyperparameterSpec.decisionTree
    case .randomForest: HyperparameterSpec.randomForest
    case .mlp: HyperparameterSpec.gradient + [.dropout("0.2"), .randomState]
    case .dnn: HyperparameterSpec.gradient + [.randomState]
    case .cnn: HyperparameterSpec.gradient + [.dropout("0.5"), .randomState]
    case .lstm: HyperparameterSpec.gradient + [.dropout("0.2"), .randomState]
    }
  }
}
