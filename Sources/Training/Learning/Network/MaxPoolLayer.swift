import CKernels

/// The largest of each size×size window of an image, channel by channel; lines and columns that fill no window are
/// left out, as in Keras. For pools that no convolution before them has taken in.
package struct MaxPoolLayer: Layer {
  package let height: Int
  package let width: Int
  package let channels: Int
  package let size: Int

  package init(height: Int, width: Int, channels: Int, size: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    self.size = size
  }

  package var kind: String { "maxPool2d" }
  package var inputWidth: Int { height * width * channels }
  package var outputWidth: Int { (height / size) * (width / size) * channels }
  /// A byte for each output: the cell of its window.
  package var scratchWidth: Int { (outputWidth + 3) / 4 }
  package func temporaryCount(rows: Int) -> Int { scratchWidth }

  package func forward(_ pass: ForwardPass) {
    for row in 0..<pass.rows {
      let which = UnsafeMutableRawPointer(pass.scratch.map { $0 + row * scratchWidth } ?? pass.temporary)
      ck_pool(
        pass.output + row * outputWidth, which.assumingMemoryBound(to: UInt8.self), pass.input + row * inputWidth,
        width, height / size, width / size, channels, size)
    }
  }

  package func backward(_ pass: BackwardPass) {
    guard let inputGradient = pass.inputGradient else { return }
    inputGradient.update(repeating: 0, count: pass.rows * inputWidth)
    for row in 0..<pass.rows {
      let which = UnsafeRawPointer(pass.scratch + row * scratchWidth).assumingMemoryBound(to: UInt8.self)
      ck_pool_backward(
        inputGradient + row * inputWidth, which, pass.outputGradient + row * outputWidth, nil, nil, width,
        height / size, width / size, channels, size)
    }
  }
}
