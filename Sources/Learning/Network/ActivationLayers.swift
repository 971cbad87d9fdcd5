/// y = max(x, 0), in place.
package struct ReluLayer: Layer {
  package let inputWidth: Int
  package var outputWidth: Int { inputWidth }
  package var worksInPlace: Bool { true }

  package init(width: Int) { inputWidth = width }

  package func forward(_ pass: ForwardPass, blas: Blas) {
    Kernels.relu(pass.output, pass.input, count: pass.rows * inputWidth)
  }

  /// The output may have passed through an in-place dropout since: that scaled it and made some units 0, which keeps
  /// its sign, and where it made a 0 the gradient is 0 too.
  package func backward(_ pass: BackwardPass, blas: Blas) {
    guard let inputGradient = pass.inputGradient else { return }
    Kernels.reluBackward(
      inputGradient, pass.outputGradient, output: pass.output, count: pass.rows * inputWidth)
  }
}

/// Inverted dropout (Srivastava et al., 2014), in place. The mask depends on step, layer and place alone.
package struct DropoutLayer: Layer {
  package let inputWidth: Int
  package var outputWidth: Int { inputWidth }
  package var worksInPlace: Bool { true }
  package var scratchWidth: Int { inputWidth }
  /// Share of units dropped, in [0, 1).
  package let rate: Double
  /// Tells the dropout layers of a network apart.
  package let index: Int

  package init(width: Int, rate: Double, index: Int) {
    inputWidth = width
    self.rate = rate
    self.index = index
  }

  package func forward(_ pass: ForwardPass, blas: Blas) {
    let count = pass.rows * inputWidth
    guard case .training(let key, let firstRow) = pass.mode, rate > 0 else {
      if pass.output != pass.input { pass.output.update(from: pass.input, count: count) }
      return
    }
    var mixer = SplitMix64(state: key ^ (UInt64(index) &* 0xA076_1D64_78BD_642F))
    Kernels.dropoutMask(
      pass.scratch, count: count, first: UInt32(truncatingIfNeeded: firstRow * inputWidth),
      key: UInt32(truncatingIfNeeded: mixer.next()), threshold: UInt32(rate * 0x1p32), scale: Float(1 / (1 - rate)))
    Kernels.product(pass.output, pass.input, pass.scratch, count: count)
  }

  package func backward(_ pass: BackwardPass, blas: Blas) {
    guard let inputGradient = pass.inputGradient else { return }
    let count = pass.rows * inputWidth
    guard rate > 0 else {
      if UnsafePointer(inputGradient) != pass.outputGradient {
        inputGradient.update(from: pass.outputGradient, count: count)
      }
      return
    }
    Kernels.product(inputGradient, pass.outputGradient, pass.scratch, count: count)
  }
}
