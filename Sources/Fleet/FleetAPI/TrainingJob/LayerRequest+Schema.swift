import TrainingDefinition

extension LayerRequest {
  package static var schema: Schema {
    .object(
      "One layer of the network. The last, one unit a class with softmax, is added to every list.",
      [
        .required(
          "type",
          .choice(
            "dense (units), conv2d (filters, kernel), maxPool2d (size), flatten, lstm (units) or dropout (rate).", types
          )),
        .optional(
          "units",
          .int32(
            "Outputs of a dense layer or an LSTM; of an LSTM at most \(TrainingLimits.lstmUnits.upperBound).",
            TrainingLimits.layerUnits)),
        .optional("filters", .int32("Outputs of a convolution for each pixel.", TrainingLimits.layerFilters)),
        .optional("kernel", .int32("Side of a convolution's windows. Default: 3.", TrainingLimits.layerKernel)),
        .optional("size", .int32("Side of a pool's windows. Default: 2.", TrainingLimits.layerPool)),
        .optional(
          "rate",
          .string(
            "Share of units dropped while training, as a decimal text.", TrainingLimits.shareText,
            pattern: Pattern.share)
        ),
        .optional(
          "activation", .choice("What a dense or conv2d layer ends with. Default: linear.", activations)),
      ])
  }
}
