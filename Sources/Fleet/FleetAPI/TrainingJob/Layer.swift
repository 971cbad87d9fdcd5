/// One layer of a network of the user's own. Which members a type has is the trainer's business, as with hyperparameters.
package struct Layer: Sendable, Hashable, Codable {
  /// `dense`, `conv2d`, `maxPool2d`, `flatten`, `lstm` or `dropout`.
  package var type: String
  /// Outputs of a dense layer or an LSTM.
  package var units: Int?
  /// Outputs of a convolution for each pixel.
  package var filters: Int?
  /// Side of a convolution's windows.
  package var kernel: Int?
  /// Side of a pool's windows.
  package var size: Int?
  /// Share of units dropped, a decimal text.
  package var rate: String?
  /// `linear`, `relu`, `tanh` or `sigmoid`.
  package var activation: String?

  package init(
    type: String, units: Int? = nil, filters: Int? = nil, kernel: Int? = nil, size: Int? = nil, rate: String? = nil,
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

  package static let types = ["dense", "conv2d", "maxPool2d", "flatten", "lstm", "dropout"]
  package static let activations = ["linear", "relu", "tanh", "sigmoid"]
}

extension Layer {
  package static var schema: Schema {
    .object(
      "One layer of the network. The last, one unit a class with softmax, is added to every list.",
      [
        .required(
          "type",
          .choice(
            "dense (units), conv2d (filters, kernel), maxPool2d (size), flatten, lstm (units) or dropout (rate).", types
          )),
        .optional("units", .int32("Outputs of a dense layer or an LSTM.", Limits.layerUnits)),
        .optional("filters", .int32("Outputs of a convolution for each pixel.", Limits.layerFilters)),
        .optional("kernel", .int32("Side of a convolution's windows. Default: 3.", Limits.layerKernel)),
        .optional("size", .int32("Side of a pool's windows. Default: 2.", Limits.layerPool)),
        .optional(
          "rate",
          .string(
            "Share of units dropped while training, as a decimal text.", Limits.testFraction, pattern: Pattern.fraction)
        ),
        .optional(
          "activation", .choice("What a dense or conv2d layer ends with. Default: linear.", activations)),
      ])
  }
}
