import TrainingDefinition

/// The layers of a gradient algorithm on one data set, and the network they make.
struct NetworkShape {
  let layers: [LayerSpec]
  let network: Network

  /// The network of the request: the user's layers where there are some, else the algorithm's own.
  /// - Throws: `notSquare`; `invalidRequest` where the user's layers do not fit each other or the data.
  init(_ plan: TrainingPlan) throws(LearningError) {
    let input = plan.dataset.preprocessing.input
    let width = plan.dataset.train.width
    let output: [LayerSpec] = [.flatten, .dense(units: plan.dataset.classCount)]
    var places: [Int] = []
    if let requested = plan.request.layers {
      var specs: [LayerSpec] = []
      for (index, layer) in requested.enumerated() {
        let expanded = try LearningError.asking { () throws(TrainingProblem) in try layer.specs(index: index) }
        specs += expanded
        places += expanded.map { _ in index }
      }
      let lead = try Self.reading(specs, input: input, width: width)
      layers = lead + specs + output
      places = lead.map { _ in 0 } + places
    } else {
      layers =
        try Self.own(
          plan.algorithm, plan.hyperparameters, input: input, width: width, given: plan.request.hyperparameters)
        + [.dense(units: plan.dataset.classCount)]
    }
    do {
      network = try Network(layers, inputWidth: width)
    } catch {
      let place = places.indices.contains(error.index) ? "layers[\(places[error.index])]" : "layers"
      throw .invalidRequest(
        field: error.field.isEmpty ? place : "\(place).\(error.field)", value: error.value, expected: error.expected)
    }
  }

  /// A single dense layer: what logistic regression learns.
  init(linear plan: TrainingPlan) {
    layers = [.dense(units: plan.dataset.classCount)]
    let width = plan.dataset.train.width
    network = Network(
      layers: [DenseLayer(inputWidth: width, outputWidth: plan.dataset.classCount)], inputWidth: width)
  }

  /// The hidden layers of `algorithm`.
  ///
  /// CNN is two networks. Images get KubeML's: two convolutions with pools, dense, dropout. The rows of a table get the
  /// TensorFlow-style one: read as a square image, one convolution with a pool, dense; without dropout unless the
  /// request names one. LSTM reads an image row by row, a table column by column.
  /// - Parameter given: hyperparameters that the request itself names.
  static func own(
    _ algorithm: Algorithm, _ hyperparameters: Hyperparameters, input: Preprocessing.Input, width: Int,
    given: [String: String] = [:]
  ) throws(LearningError) -> [LayerSpec] {
    switch algorithm {
    case .mlp:
      let rate = hyperparameters.number("dropout")
      return [.dense(units: 128), .relu, .dropout(rate: rate), .dense(units: 128), .relu, .dropout(rate: rate)]
    case .dnn:
      return [.dense(units: 128), .relu, .dense(units: 64), .relu]
    case .cnn:
      let rate = hyperparameters.number("dropout")
      let lead = [LayerSpec.reshape(shape: try image(input, width: width)), .conv2d(filters: 32, kernel: 3), .relu]
      if case .image = input {
        return lead + [
          .maxPool2d(size: 2), .conv2d(filters: 64, kernel: 3), .relu, .maxPool2d(size: 2), .flatten,
          .dense(units: 128), .relu, .dropout(rate: rate),
        ]
      }
      let end: [LayerSpec] = given["dropout"] == nil ? [] : [.dropout(rate: rate)]
      return lead + [.maxPool2d(size: 2), .flatten, .dense(units: 128), .relu] + end
    case .lstm:
      let rate = hyperparameters.number("dropout")
      return [
        .reshape(shape: sequence(input, width: width)), .lstm(units: 128), .dropout(rate: rate), .dense(units: 128),
        .relu, .dropout(rate: rate),
      ]
    case .logisticRegression, .svm, .decisionTree, .randomForest:
      return []
    }
  }

  /// How a row must be read before the user's layers: as an image or a sequence where one of them needs that.
  private static func reading(
    _ specs: [LayerSpec], input: Preprocessing.Input, width: Int
  ) throws(LearningError) -> [LayerSpec] {
    switch DataForm(readBy: specs) {
    case .image: [.reshape(shape: try image(input, width: width))]
    case .sequence: [.reshape(shape: sequence(input, width: width))]
    case .row: []
    }
  }

  /// Height, width and channels of a row.
  /// - Throws: `notSquare`.
  private static func image(_ input: Preprocessing.Input, width: Int) throws(LearningError) -> [Int] {
    if case .image(let shape, _) = input, shape.count == 2 || shape.count == 3 {
      return shape.count == 2 ? shape + [1] : shape
    }
    let side = Int(Double(width).squareRoot())
    guard side * side == width else { throw .notSquare(width: width) }
    return [side, side, 1]
  }

  /// Steps and features of a row.
  private static func sequence(_ input: Preprocessing.Input, width: Int) -> [Int] {
    if case .image(let shape, _) = input, let steps = shape.first, shape.count > 1 { return [steps, width / steps] }
    return [width, 1]
  }
}
