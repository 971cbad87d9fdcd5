import Testing

@testable import Learning

/// Compares a network's backward pass with central differences of its forward pass.
///
/// The loss is a fixed random weighting of the outputs, so its gradient by the output is that weighting.
struct GradientCheck {
  let network: Network
  let rows: Int
  let mode: PassMode
  /// Distance of the two points of a difference: far enough for rounding, near enough for curvature.
  var step: Float = 1e-2

  init(_ layers: [any Layer], rows: Int, mode: PassMode = .inference) {
    network = Network(layers: layers, inputWidth: layers.first?.inputWidth ?? 0)
    self.rows = rows
    self.mode = mode
  }

  /// The largest difference between analytic and numeric gradient, relative to the larger of the two and 1.
  func worst(input: [Float], parameters: [Float]) -> (byInput: Double, byParameters: Double) {
    let workspace = Workspace(network: network, maximumRows: rows, training: true, inputGradients: true)
    workspace.input.assign(input)
    let parameters = FloatBuffer(parameters)
    let weights = Fixtures.uniform(rows * network.outputWidth, seed: 99)

    func forward() -> Double {
      workspace.run(rows: rows, parameters: parameters.base, mode: mode)
      return weights.indices.reduce(0) { $0 + Double(workspace.output[$1]) * Double(weights[$1]) }
    }

    _ = forward()
    for index in weights.indices { workspace.outputGradient[index] = weights[index] }
    let gradients = FloatBuffer(count: network.parameterCount)
    workspace.runBackward(rows: rows, parameters: parameters.base, mode: mode)
    workspace.sumGradients(rows: rows, into: gradients.base)

    func worst(_ values: FloatBuffer, _ gradient: FloatBuffer) -> Double {
      var worst = 0.0
      for index in 0..<values.count {
        let kept = values.base[index]
        values.base[index] = kept + step
        let up = forward()
        values.base[index] = kept - step
        let down = forward()
        values.base[index] = kept
        let numeric = (up - down) / (2 * Double(step))
        let analytic = Double(gradient.base[index])
        worst = max(worst, abs(numeric - analytic) / max(1, abs(numeric), abs(analytic)))
      }
      return worst
    }
    let byInput = workspace.inputGradient.map { worst(workspace.input, $0) }
    return (byInput ?? .infinity, worst(parameters, gradients))
  }
}
