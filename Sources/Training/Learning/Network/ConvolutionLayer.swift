import CKernels

/// A convolution of images without padding, stride 1, with a relu and a max-pool behind it where the network has them.
///
/// W [kernel×kernel×channels×filters] (Keras's layout) followed by b [filters]. Images lie line by line with channels
/// innermost, so a line of a window is one run of memory and a window is a row of a matrix that need not be copied:
/// the forward pass is a matrix product over windows. With a pool behind it the full result lives for one image only,
/// and what the pool would leave out at the edges is not computed.
package struct ConvolutionLayer: Layer {
  package let height: Int
  package let width: Int
  package let channels: Int
  package let filters: Int
  package let kernel: Int
  /// `linear` or `relu`.
  package let activation: Activation
  /// Side of the pool's windows; nil without a pool.
  package let pool: Int?

  package init(
    height: Int, width: Int, channels: Int, filters: Int, kernel: Int, activation: Activation = .linear,
    pool: Int? = nil
  ) {
    precondition(activation.needsOnlySign, "fused activations are those that only need a sign")
    self.height = height
    self.width = width
    self.channels = channels
    self.filters = filters
    self.kernel = kernel
    self.activation = activation
    self.pool = pool
  }

  /// Lines and columns of the convolution that are used.
  var usedHeight: Int { (height - kernel + 1) / (pool ?? 1) * (pool ?? 1) }
  var usedWidth: Int { (width - kernel + 1) / (pool ?? 1) * (pool ?? 1) }
  var outputHeight: Int { usedHeight / (pool ?? 1) }
  var outputColumns: Int { usedWidth / (pool ?? 1) }
  /// Columns of the gradient by the convolution with zeros on both sides, so that its windows never leave it.
  private var paddedWidth: Int { width + kernel - 1 }
  private var weightCount: Int { kernel * kernel * channels * filters }
  private var pixels: Int { usedHeight * usedWidth }

  package var kind: String { "conv2d" }
  package var inputWidth: Int { height * width * channels }
  package var outputWidth: Int { outputHeight * outputColumns * filters }
  package var parameterCount: Int { weightCount + filters }
  package var preparedCount: Int { weightCount }
  package var sumsByPart: Bool { true }
  /// With a pool a byte for each output: the cell of its window.
  package var scratchWidth: Int { pool == nil ? 0 : (outputWidth + 3) / 4 }
  package func temporaryCount(rows: Int) -> Int {
    max(usedHeight * paddedWidth * filters, pixels * filters + (outputWidth + 3) / 4)
  }

  package func slots(prefix: String) -> [TensorSlot] {
    [
      TensorSlot(name: prefix + ".weight", shape: [kernel, kernel, channels, filters], offset: 0),
      TensorSlot(name: prefix + ".bias", shape: [filters], offset: weightCount),
    ]
  }

  /// Glorot's uniform weights, biases 0.
  package func initialise(_ parameters: UnsafeMutablePointer<Float>, random: inout SeededRandom) {
    let area = kernel * kernel
    Initialiser.glorotUniform(
      parameters, count: weightCount, fanIn: area * channels, fanOut: area * filters, random: &random)
    (parameters + weightCount).update(repeating: 0, count: filters)
  }

  /// The weights with the columns of the kernel in reverse and channels and filters exchanged:
  /// [kernel×kernel×filters×channels].
  package func prepare(_ prepared: UnsafeMutablePointer<Float>, parameters: UnsafePointer<Float>) {
    let cell = channels * filters
    for line in 0..<kernel {
      for column in 0..<kernel {
        ck_transpose(
          prepared + (line * kernel + kernel - 1 - column) * cell, channels,
          parameters + (line * kernel + column) * cell, channels, filters)
      }
    }
  }

  /// The windows of the images from `input` on as rows of a matrix.
  private func windows(_ input: UnsafePointer<Float>) -> RowPattern {
    RowPattern(
      base: input, inner: usedWidth, inner_stride: channels, middle: usedHeight, middle_stride: width * channels,
      outer_stride: inputWidth)
  }

  private func convolve(
    _ output: UnsafeMutablePointer<Float>, _ input: UnsafePointer<Float>, parameters: UnsafePointer<Float>, images: Int
  ) {
    var rows = windows(input)
    ck_product(
      &rows, kernel, width * channels, kernel * channels, parameters, filters, parameters + weightCount,
      activation.code, 0, output, filters, images * pixels, filters)
  }

  package func forward(_ pass: ForwardPass) {
    guard let pool else {
      convolve(pass.output, pass.input, parameters: pass.parameters, images: pass.rows)
      return
    }
    for row in 0..<pass.rows {
      convolve(pass.temporary, pass.input + row * inputWidth, parameters: pass.parameters, images: 1)
      let which = UnsafeMutableRawPointer(
        pass.scratch.map { $0 + row * scratchWidth } ?? pass.temporary + pixels * filters)
      ck_pool(
        pass.output + row * outputWidth, which.assumingMemoryBound(to: UInt8.self), pass.temporary, usedWidth,
        outputHeight, outputColumns, filters, pool)
    }
  }

  package func backward(_ pass: BackwardPass) {
    // The sides stay 0, the middle is overwritten for each image.
    pass.temporary.update(repeating: 0, count: usedHeight * paddedWidth * filters)
    pass.parameterGradients.update(repeating: 0, count: parameterCount)
    for row in 0..<pass.rows {
      let delta = pass.temporary + (kernel - 1) * filters
      convolutionGradient(pass, row: row, into: delta)
      var inputs = windows(pass.input + row * inputWidth)
      var deltas = RowPattern(
        base: delta, inner: usedWidth, inner_stride: filters, middle: usedHeight, middle_stride: paddedWidth * filters,
        outer_stride: 0)
      ck_outer(
        &inputs, kernel, width * channels, kernel * channels, &deltas, 1, pass.parameterGradients, filters, pixels,
        filters)
      if let inputGradient = pass.inputGradient {
        self.inputGradient(inputGradient + row * inputWidth, prepared: pass.prepared, padded: pass.temporary)
      }
    }
  }

  /// The loss by one image's convolution, before activation and pool, into the middle of the padded memory. Adds its
  /// sums to the gradient of the biases.
  private func convolutionGradient(_ pass: BackwardPass, row: Int, into delta: UnsafeMutablePointer<Float>) {
    let sums = pass.parameterGradients + weightCount
    let outputs = pass.output + row * outputWidth
    let gradients = pass.outputGradient + row * outputWidth
    if let pool {
      let which = UnsafeRawPointer(pass.scratch + row * scratchWidth).assumingMemoryBound(to: UInt8.self)
      ck_pool_backward(
        delta, which, gradients, activation == .relu ? outputs : nil, sums, paddedWidth, outputHeight, outputColumns,
        filters, pool)
      return
    }
    let count = usedWidth * filters
    for line in 0..<usedHeight {
      let target = delta + line * paddedWidth * filters
      activation.applyBackward(target, gradients + line * count, output: outputs + line * count, count: count)
      ck_column_sums(sums, target, usedWidth, filters, 1)
    }
  }

  /// The loss by one image: for each of its lines a product over the windows of the padded gradient that touch it.
  private func inputGradient(
    _ target: UnsafeMutablePointer<Float>, prepared: UnsafePointer<Float>, padded: UnsafePointer<Float>
  ) {
    let line = paddedWidth * filters
    let reached = min(width, usedWidth + kernel - 1)
    for y in 0..<height {
      let row = target + y * width * channels
      let first = max(0, y - usedHeight + 1)
      let last = min(kernel - 1, y)
      guard first <= last else {
        row.update(repeating: 0, count: width * channels)
        continue
      }
      var windows = RowPattern(padded + (y - first) * line, stride: filters)
      ck_product(
        &windows, last - first + 1, -line, kernel * filters, prepared + first * kernel * filters * channels, channels,
        nil, Activation.linear.code, 0, row, channels, reached, channels)
      (row + reached * channels).update(repeating: 0, count: (width - reached) * channels)
    }
  }
}
