import Testing

@testable import Learning

/// Compares a layer's backward pass with central differences of its forward pass.
///
/// The loss is a fixed random weighting of the outputs, so its gradient by the output is that weighting.
struct GradientCheck {
  let layer: any Layer
  let rows: Int
  let mode: PassMode

  /// The largest difference between analytic and numeric gradient, relative to the larger of the two and 1.
  func worst(input: [Float], parameters: [Float]) throws -> (byInput: Double, byParameters: Double) {
    let blas = try Blas.load()
    let input = FloatBuffer(input)
    let parameters = FloatBuffer(parameters)
    let weights = FloatBuffer(Fixtures.uniform(rows * layer.outputWidth, seed: 99))
    let output = FloatBuffer(count: rows * layer.outputWidth)
    let scratch = FloatBuffer(count: rows * layer.scratchWidth)

    func forward() -> Double {
      layer.forward(
        ForwardPass(
          input: input.base, output: output.base, parameters: parameters.base, scratch: scratch.base, rows: rows,
          mode: mode), blas: blas)
      return (0..<weights.count).reduce(0) { $0 + Double(output.base[$1]) * Double(weights.base[$1]) }
    }

    _ = forward()
    let inputGradient = FloatBuffer(count: rows * layer.inputWidth)
    let parameterGradients = FloatBuffer(count: layer.parameterCount)
    layer.backward(
      BackwardPass(
        input: input.base, output: output.base, outputGradient: weights.base, inputGradient: inputGradient.base,
        parameters: parameters.base, parameterGradients: parameterGradients.base, scratch: scratch.base, rows: rows),
      blas: blas)

    func worst(_ values: FloatBuffer, _ gradient: FloatBuffer) -> Double {
      var worst = 0.0
      for index in 0..<values.count {
        let kept = values.base[index]
        let step: Float = 1e-2
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
    return (worst(input, inputGradient), worst(parameters, parameterGradients))
  }
}
