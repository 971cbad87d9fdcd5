import CKernels

/// y = f(x·W + b) with W [inputWidth×outputWidth] (Keras's layout) followed by b [outputWidth].
package struct DenseLayer: Layer {
  package let inputWidth: Int
  package let outputWidth: Int
  package let activation: Activation

  package init(inputWidth: Int, outputWidth: Int, activation: Activation = .linear) {
    self.inputWidth = inputWidth
    self.outputWidth = outputWidth
    self.activation = activation
  }

  package var kind: String { "dense" }
  package var parameterCount: Int { weightCount + outputWidth }
  package var preparedCount: Int { weightCount }
  package var toleratesScaling: Bool { activation.needsOnlySign }
  private var weightCount: Int { inputWidth * outputWidth }

  package func slots(prefix: String) -> [TensorSlot] {
    [
      TensorSlot(name: prefix + ".weight", shape: [inputWidth, outputWidth], offset: 0),
      TensorSlot(name: prefix + ".bias", shape: [outputWidth], offset: weightCount),
    ]
  }

  /// Glorot's uniform weights, biases 0.
  package func initialise(_ parameters: UnsafeMutablePointer<Float>, random: inout SeededRandom) {
    Initialiser.glorotUniform(
      parameters, count: weightCount, fanIn: inputWidth, fanOut: outputWidth, random: &random)
    (parameters + weightCount).update(repeating: 0, count: outputWidth)
  }

  /// Wᵀ [outputWidth×inputWidth].
  package func prepare(_ prepared: UnsafeMutablePointer<Float>, parameters: UnsafePointer<Float>) {
    ck_transpose(prepared, inputWidth, parameters, inputWidth, outputWidth)
  }

  package func forward(_ pass: ForwardPass) {
    var rows = RowPattern(pass.input, stride: inputWidth)
    ck_product(
      &rows, 1, 0, inputWidth, pass.parameters, outputWidth, pass.parameters + weightCount, activation.code, 0,
      pass.output, outputWidth, pass.rows, outputWidth)
    if !activation.needsOnlySign {
      activation.apply(pass.output, pass.output, count: pass.rows * outputWidth)
    }
  }

  /// The gradient by x·W + b takes the place of that by y; dx = that·Wᵀ.
  package func backward(_ pass: BackwardPass) {
    if activation != .linear {
      activation.applyBackward(
        pass.outputGradient, pass.outputGradient, output: pass.output, count: pass.rows * outputWidth)
    }
    guard let inputGradient = pass.inputGradient else { return }
    var rows = RowPattern(pass.outputGradient, stride: outputWidth)
    ck_product(
      &rows, 1, 0, outputWidth, pass.prepared, inputWidth, nil, Activation.linear.code, 0, inputGradient, inputWidth,
      pass.rows, inputWidth)
  }

  /// Blocks of about 16,384 weights, whole rows of W; the last has the biases too.
  package var gradientRanges: [Range<Int>] {
    let rows = max(12, 16_384 / outputWidth / 12 * 12)
    return stride(from: 0, to: inputWidth, by: rows).map { first in
      let last = first + rows
      return first * outputWidth..<(last < inputWidth ? last * outputWidth : parameterCount)
    }
  }

  /// dW = xᵀ·d, db = column sums of d, where d is the gradient by x·W + b.
  package func gradients(_ pass: GradientPass, range: Range<Int>) {
    let first = range.lowerBound / outputWidth
    let last = min(range.upperBound, weightCount) / outputWidth
    var inputs = RowPattern(pass.input + first, stride: inputWidth)
    var deltas = RowPattern(pass.outputGradient, stride: outputWidth)
    ck_outer(
      &inputs, 1, 0, last - first, &deltas, 0, pass.parameterGradients + range.lowerBound, outputWidth, pass.rows,
      outputWidth)
    if range.upperBound > weightCount {
      ck_column_sums(pass.parameterGradients + weightCount, pass.outputGradient, pass.rows, outputWidth, 0)
    }
  }
}
