import TrainingDefinition

/// A layer that does not fit: which one, which of its fields, and what would.
struct LayerProblem: Error, Equatable {
  /// Place in the list of layers, from 0.
  var index: Int
  /// Such as `kernel`; empty for the layer itself.
  var field: String
  var value: String
  var expected: String
}

/// Turns a list of layer descriptions into layers, following the shape of the data from one to the next.
///
/// Neighbours that are computed together become one: a relu goes into the dense layer or convolution before it, a pool
/// into the convolution.
struct NetworkBuilder {
  private let specs: [LayerSpec]
  private var shape: FeatureShape
  private var layers: [any Layer] = []
  private var next = 0
  private var parameters = 0

  /// Most parameters of all layers together: half a gigabyte, several times with optimiser and copies.
  private static let mostParameters = 1 << 27
  /// Most floats in the activations of one row: beyond that a batch would not fit any memory.
  private static let widest = 1 << 24

  private init(_ specs: [LayerSpec], inputWidth: Int) {
    self.specs = specs
    shape = .vector(inputWidth)
  }

  /// The layers of `specs` on rows of `inputWidth` numbers, and the width of what leaves the last one.
  static func build(_ specs: [LayerSpec], inputWidth: Int) throws(LayerProblem) -> (layers: [any Layer], width: Int) {
    var builder = NetworkBuilder(specs, inputWidth: inputWidth)
    while builder.next < specs.count { try builder.add() }
    return (builder.layers, builder.shape.count)
  }

  private mutating func add() throws(LayerProblem) {
    let index = next
    let known = layers.count
    next += 1
    switch specs[index] {
    case .dense(let units): try addDense(units, index)
    case .conv2d(let filters, let kernel): try addConvolution(filters, kernel, index)
    case .maxPool2d(let size): try addPool(size, index)
    case .lstm(let units): try addLSTM(units, index)
    case .reshape(let dimensions): try reshape(dimensions, index)
    case .flatten: shape = .vector(shape.count)
    case .dropout(let rate):
      try check(rate >= 0 && rate < 1, index, "rate", "\(rate)", "a number from 0 to below 1")
      let inPlace = layers.last?.toleratesScaling ?? false
      layers.append(DropoutLayer(width: shape.count, rate: rate, index: layers.count, inPlace: inPlace))
    case .relu: layers.append(ActivationLayer(.relu, width: shape.count))
    case .tanh: layers.append(ActivationLayer(.tanh, width: shape.count))
    case .sigmoid: layers.append(ActivationLayer(.sigmoid, width: shape.count))
    }
    for layer in layers[known...] { parameters += layer.parameterCount }
    try check(
      parameters <= Self.mostParameters, index, "", "one of \(parameters) parameters so far",
      "in a network of at most \(Self.mostParameters); make it smaller")
    try check(
      shape.count <= Self.widest, index, "", "\(shape.count) numbers a row", "at most \(Self.widest); make it smaller")
  }

  private func check(
    _ holds: Bool, _ index: Int, _ field: String, _ value: String, _ expected: String
  ) throws(LayerProblem) {
    guard holds else { throw LayerProblem(index: index, field: field, value: value, expected: expected) }
  }

  private func check(
    _ value: Int, within bounds: ClosedRange<Int>, _ index: Int, _ field: String
  ) throws(LayerProblem) {
    try check(
      bounds.contains(value), index, field, "\(value)", "from \(bounds.lowerBound) to \(bounds.upperBound)")
  }

  /// The layer cannot read what the one before it makes.
  private func misplaced(_ index: Int) -> LayerProblem {
    LayerProblem(
      index: index, field: "type", value: specs[index].typeName, expected: specs[index].reads?.place ?? "elsewhere")
  }

  /// The activation that comes next, if it is one of `accepted`; it is then used up.
  private mutating func takeActivation(_ accepted: (Activation) -> Bool) -> Activation {
    guard next < specs.count, let activation = specs[next].activation, accepted(activation) else { return .linear }
    next += 1
    return activation
  }

  private mutating func addDense(_ units: Int, _ index: Int) throws(LayerProblem) {
    try check(units, within: TrainingLimits.layerUnits, index, "units")
    guard case .vector(let width) = shape else {
      throw misplaced(index)
    }
    layers.append(DenseLayer(inputWidth: width, outputWidth: units, activation: takeActivation { _ in true }))
    shape = .vector(units)
  }

  private mutating func addConvolution(_ filters: Int, _ kernel: Int, _ index: Int) throws(LayerProblem) {
    try check(filters, within: TrainingLimits.layerFilters, index, "filters")
    guard case .image(let height, let width, let channels) = shape else {
      throw misplaced(index)
    }
    let limit = min(height, width, TrainingLimits.layerKernel.upperBound)
    try check(
      (1...limit).contains(kernel), index, "kernel", "\(kernel)",
      "from 1 to \(limit), because its input is \(height)×\(width)×\(channels)")
    let activation = takeActivation(\.needsOnlySign)
    let plain = ConvolutionLayer(
      height: height, width: width, channels: channels, filters: filters, kernel: kernel, activation: activation)
    // A pool of windows that do not fit is left for its own turn, and refused there.
    guard next < specs.count, case .maxPool2d(let size) = specs[next],
      (2...TrainingLimits.layerPool.upperBound).contains(size),
      size <= min(plain.outputHeight, plain.outputColumns)
    else {
      layers.append(plain)
      shape = .image(height: plain.outputHeight, width: plain.outputColumns, channels: filters)
      return
    }
    next += 1
    let pooled = ConvolutionLayer(
      height: height, width: width, channels: channels, filters: filters, kernel: kernel, activation: activation,
      pool: size)
    layers.append(pooled)
    shape = .image(height: pooled.outputHeight, width: pooled.outputColumns, channels: filters)
  }

  private mutating func addPool(_ size: Int, _ index: Int) throws(LayerProblem) {
    guard case .image(let height, let width, let channels) = shape else {
      throw misplaced(index)
    }
    let limit = min(height, width, TrainingLimits.layerPool.upperBound)
    try check(
      (1...limit).contains(size), index, "size", "\(size)",
      "from 1 to \(limit), because its input is \(height)×\(width)×\(channels)")
    layers.append(MaxPoolLayer(height: height, width: width, channels: channels, size: size))
    shape = .image(height: height / size, width: width / size, channels: channels)
  }

  private mutating func addLSTM(_ units: Int, _ index: Int) throws(LayerProblem) {
    try check(units, within: TrainingLimits.lstmUnits, index, "units")
    guard case .sequence(let steps, let features) = shape else {
      throw misplaced(index)
    }
    layers.append(LSTMLayer(steps: steps, features: features, units: units))
    shape = .vector(units)
  }

  private mutating func reshape(_ dimensions: [Int], _ index: Int) throws(LayerProblem) {
    let text = dimensions.map { "\($0)" }.joined(separator: "×")
    // Never more than 2^48 on the way, whatever a file says.
    let plausible = dimensions.allSatisfy { (1...Self.widest).contains($0) }
    let product = plausible ? dimensions.reduce(1) { $0 > Self.widest ? $0 : $0 * $1 } : 0
    try check(
      product == shape.count && (2...3).contains(dimensions.count), index, "shape", text,
      "2 or 3 sizes whose product is \(shape.count)")
    shape =
      dimensions.count == 2
      ? .sequence(steps: dimensions[0], width: dimensions[1])
      : .image(height: dimensions[0], width: dimensions[1], channels: dimensions[2])
  }
}
