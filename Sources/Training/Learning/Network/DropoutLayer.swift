import Basics
import CKernels

/// Inverted dropout (Srivastava et al., 2014). The mask depends on step, layer and place alone, so the backward pass
/// makes it anew instead of reading it.
package struct DropoutLayer: Layer {
  package let inputWidth: Int
  package var outputWidth: Int { inputWidth }
  package var kind: String { "dropout" }
  package let worksInPlace: Bool
  /// Share of units dropped, in [0, 1).
  package let rate: Double
  /// Tells the dropout layers of a network apart.
  package let index: Int

  /// - Parameter inPlace: whether the layer before `toleratesScaling` of its output.
  package init(width: Int, rate: Double, index: Int, inPlace: Bool = true) {
    inputWidth = width
    self.rate = rate
    self.index = index
    worksInPlace = inPlace
  }

  package func forward(_ pass: ForwardPass) {
    drop(pass.output, pass.input, rows: pass.rows, mode: pass.mode)
  }

  package func backward(_ pass: BackwardPass) {
    guard let inputGradient = pass.inputGradient else { return }
    drop(inputGradient, pass.outputGradient, rows: pass.rows, mode: pass.mode)
  }

  private func drop(
    _ output: UnsafeMutablePointer<Float>, _ input: UnsafePointer<Float>, rows: Int, mode: PassMode
  ) {
    let count = rows * inputWidth
    guard case .training(let key, let firstRow) = mode, rate > 0 else {
      if UnsafePointer(output) != input { output.update(from: input, count: count) }
      return
    }
    var mixer = SplitMix64(seed: key ^ (UInt64(index) &* 0xA076_1D64_78BD_642F))
    ck_dropout(
      output, input, count, UInt32(truncatingIfNeeded: firstRow * inputWidth),
      UInt32(truncatingIfNeeded: mixer.next()), UInt32(rate * 0x1p32), Float(1 / (1 - rate)))
  }
}
