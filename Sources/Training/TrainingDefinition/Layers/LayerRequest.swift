/// One layer of a network as a user writes it, such as `{type: conv2d, filters: 32, kernel: 3, activation: relu}`.
///
/// | type | fields |
/// |---|---|
/// | dense | units, activation |
/// | conv2d | filters, kernel (3), activation |
/// | maxPool2d | size (2) |
/// | flatten | |
/// | lstm | units |
/// | dropout | rate |
///
/// The last layer, one dense unit a class with softmax, is added to every list.
package struct LayerRequest: Sendable, Hashable, Codable {
  package var type: String
  /// Outputs of a dense layer or an LSTM.
  package var units: Int?
  /// Outputs of a convolution for each pixel.
  package var filters: Int?
  /// Side of a convolution's windows.
  package var kernel: Int?
  /// Side of a pool's windows.
  package var size: Int?
  /// Share of units dropped.
  package var rate: Share?
  /// linear (when nothing is said), relu, tanh or sigmoid.
  package var activation: String?

  package init(
    type: String, units: Int? = nil, filters: Int? = nil, kernel: Int? = nil, size: Int? = nil, rate: Share? = nil,
    activation: String? = nil
  ) {
    self.type = type
    self.units = units
    self.filters = filters
    self.kernel = kernel
    self.size = size
    self.rate = rate
    self.activation = activation
  }

  /// The types that a layer may have.
  package static let types = ["dense", "conv2d", "maxPool2d", "flatten", "lstm", "dropout"]
  /// What a dense or conv2d layer may end with.
  package static let activations = ["linear", "relu", "tanh", "sigmoid"]

  /// What it stands for: the layer, and its activation as a layer of its own.
  /// - Parameter index: its place in the list, for errors.
  /// - Throws: `invalidRequest`.
  package func specs(index: Int) throws(TrainingProblem) -> [LayerSpec] {
    let reader = LayerFields(layer: self, place: "layers[\(index)]")
    switch type {
    case "dense":
      try reader.allow(["units", "activation"])
      return [.dense(units: try reader.integer("units", units, TrainingLimits.layerUnits))] + (try reader.activation())
    case "conv2d":
      try reader.allow(["filters", "kernel", "activation"])
      let filters = try reader.integer("filters", filters, TrainingLimits.layerFilters)
      let kernel = try reader.integer("kernel", kernel ?? 3, TrainingLimits.layerKernel)
      return [.conv2d(filters: filters, kernel: kernel)] + (try reader.activation())
    case "maxPool2d":
      try reader.allow(["size"])
      return [.maxPool2d(size: try reader.integer("size", size ?? 2, TrainingLimits.layerPool))]
    case "flatten":
      try reader.allow([])
      return [.flatten]
    case "lstm":
      try reader.allow(["units"])
      return [.lstm(units: try reader.integer("units", units, TrainingLimits.lstmUnits))]
    case "dropout":
      try reader.allow(["rate"])
      return [.dropout(rate: try reader.rate())]
    default:
      throw reader.problem("type", type, "dense, conv2d, maxPool2d, flatten, lstm or dropout")
    }
  }
}
