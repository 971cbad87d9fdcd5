/// y = x·W + b with W [inputWidth×outputWidth] (Keras's layout) followed by b [outputWidth].
package struct DenseLayer: Layer {
  package let inputWidth: Int
  package let outputWidth: Int

  package init(inputWidth: Int, outputWidth: Int) {
    self.inputWidth = inputWidth
    self.outputWidth = outputWidth
  }

  package var parameterCount: Int { weightCount + outputWidth }
  private var weightCount: Int { inputWidth * outputWidth }

  package func slots(prefix: String) -> [TensorSlot] {
    [
      TensorSlot(name: prefix + ".weight", shape: [inputWidth, outputWidth], offset: 0),
      TensorSlot(name: prefix + ".bias", shape: [outputWidth], offset: weightCount),
    ]
  }

  /// Uniform weights within √(6/(in+out)) (Glorot and Bengio, 2010), biases 0: what Keras does by default.
  package func initialise(_ parameters: UnsafeMutablePointer<Float>, random: inout SeededRandom) {
    let limit = (6 / Float(inputWidth + outputWidth)).squareRoot()
    for index in 0..<weightCount { parameters[index] = random.uniform(-limit, limit) }
    (parameters + weightCount).update(repeating: 0, count: outputWidth)
  }

  package func forward(_ pass: ForwardPass, blas: Blas) {
    Kernels.fillRows(pass.output, with: pass.parameters + weightCount, rows: pass.rows, columns: outputWidth)
    blas.multiply(
      pass.input, pass.parameters, into: pass.output, m: pass.rows, n: outputWidth, k: inputWidth, beta: 1)
  }

  /// dW = xᵀ·dy, db = column sums of dy, dx = dy·Wᵀ.
  package func backward(_ pass: BackwardPass, blas: Blas) {
    blas.multiply(
      pass.input, transposeA: true, pass.outputGradient, into: pass.parameterGradients, m: inputWidth, n: outputWidth,
      k: pass.rows)
    Kernels.columnSums(
      pass.parameterGradients + weightCount, of: pass.outputGradient, rows: pass.rows, columns: outputWidth)
    if let inputGradient = pass.inputGradient {
      blas.multiply(
        pass.outputGradient, pass.parameters, transposeB: true, into: inputGradient, m: pass.rows, n: inputWidth,
        k: outputWidth)
    }
  }
}
