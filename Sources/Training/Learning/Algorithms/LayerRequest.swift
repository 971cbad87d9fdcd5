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
package struct LayerRequest: Codable, Sendable, Equatable {
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
  package var rate: Double?
  /// linear (when nothing is said), relu, tanh or sigmoid.
  package var activation: String?

  package init(
    type: String, units: Int? = nil, filters: Int? = nil, kernel: Int? = nil, size: Int? = nil, rate: Double? = nil,
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

  /// Most layers of a list.
  private static let limit = 64

  /// Checks all that can be checked without data: types, which fields they have, and bounds.
  /// - Throws: `invalidRequest` with a field such as `layers[2].units`.
  static func validate(_ layers: [LayerRequest], for algorithm: Algorithm) throws(LearningError) {
    guard algorithm.takesLayers else {
      let takers = Algorithm.allCases.filter(\.takesLayers).map(\.rawValue).joined(separator: ", ")
      throw .invalidRequest(
        field: "layers", value: "\(layers.count) layers",
        expected: "absent: \(algorithm.rawValue) has none (\(takers) have)")
    }
    guard (1...limit).contains(layers.count) else {
      throw .invalidRequest(field: "layers", value: "\(layers.count) layers", expected: "from 1 to \(limit) layers")
    }
    for (index, layer) in layers.enumerated() { _ = try layer.specs(index: index) }
  }

  /// What it stands for: the layer, and its activation as a layer of its own.
  /// - Parameter index: its place in the list, for errors.
  /// - Throws: `invalidRequest`.
  func specs(index: Int) throws(LearningError) -> [LayerSpec] {
    let reader = LayerFields(layer: self, place: "layers[\(index)]")
    switch type {
    case "dense":
      try reader.allow(["units", "activation"])
      return [.dense(units: try reader.integer("units", units, 1...65_536))] + (try reader.activation())
    case "conv2d":
      try reader.allow(["filters", "kernel", "activation"])
      let filters = try reader.integer("filters", filters, 1...4096)
      let kernel = try reader.integer("kernel", kernel ?? 3, 1...64)
      return [.conv2d(filters: filters, kernel: kernel)] + (try reader.activation())
    case "maxPool2d":
      try reader.allow(["size"])
      return [.maxPool2d(size: try reader.integer("size", size ?? 2, 1...15))]
    case "flatten":
      try reader.allow([])
      return [.flatten]
    case "lstm":
      try reader.allow(["units"])
      return [.lstm(units: try reader.integer("units", units, 1...1024))]
    case "dropout":
      try reader.allow(["rate"])
      return [.dropout(rate: try reader.rate())]
    default:
      throw reader.problem("type", type, "dense, conv2d, maxPool2d, flatten, lstm or dropout")
    }
  }
}
