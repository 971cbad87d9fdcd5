/// A piece of the sum of a batch's gradients: some parameters of one layer.
struct GradientJob {
  let layer: Int
  /// Counted from the layer's first parameter.
  let range: Range<Int>

  /// Parameters in a piece that is summed over the parts of a batch.
  private static let pieceSize = 16_384

  /// All of them, in the order of the parameters.
  static func all(of network: Network) -> [GradientJob] {
    network.layers.enumerated().flatMap { index, layer in
      guard layer.sumsByPart else { return layer.gradientRanges.map { GradientJob(layer: index, range: $0) } }
      return stride(from: 0, to: layer.parameterCount, by: pieceSize).map {
        GradientJob(layer: index, range: $0..<min($0 + pieceSize, layer.parameterCount))
      }
    }
  }
}
