import CKernels

/// The memory of forward and backward passes over up to `maximumRows` rows, allocated once.
///
/// A batch is cut into parts of a fixed number of rows, which pass through all layers and back while they are in the
/// cache, several at once. No result depends on the number of threads: rows do not touch each other, and sums over rows
/// have one order.
package final class Workspace {
  package let network: Network
  package let maximumRows: Int
  /// The batch, [maximumRows×inputWidth]; filled by the caller.
  package let input: FloatBuffer
  /// The batch's class numbers, [maximumRows].
  package let labels: UnsafeMutablePointer<Int32>

  private let training: Bool
  private let memories: [LayerMemory]
  private let jobs: [GradientJob]
  private let partRows: Int
  private let partCount: Int
  private let scores: UnsafeMutablePointer<Kernels.BatchScore>

  /// - Parameters:
  ///   - training: whether backward passes will be made.
  ///   - inputGradients: whether they go on to the batch itself, into `inputGradient`.
  package init(network: Network, maximumRows: Int, training: Bool, inputGradients: Bool = false) {
    self.network = network
    self.maximumRows = maximumRows
    self.training = training
    partRows = max(1, min(network.partRows, maximumRows))
    partCount = max(1, (maximumRows + partRows - 1) / partRows)
    input = FloatBuffer(count: maximumRows * network.inputWidth)
    labels = .allocate(capacity: max(1, maximumRows))
    labels.initialize(repeating: 0, count: max(1, maximumRows))
    scores = .allocate(capacity: partCount)
    scores.initialize(repeating: Kernels.BatchScore(loss: 0, correct: 0), count: partCount)
    inputGradient = inputGradients ? FloatBuffer(count: input.count) : nil
    let sizes = LayerMemory.Sizes(
      rows: maximumRows, partRows: partRows, parts: partCount, training: training)
    var memories: [LayerMemory] = []
    for layer in network.layers { memories.append(LayerMemory(layer, after: memories.last, sizes)) }
    self.memories = memories
    jobs = training ? GradientJob.all(of: network) : []
  }

  deinit {
    labels.deallocate()
    scores.deallocate()
  }

  /// The loss by the batch, [maximumRows×inputWidth], where it was asked for.
  let inputGradient: FloatBuffer?

  /// The last layer's output: logits, or probabilities after `forward`. [rows×classes]
  package var output: UnsafeMutablePointer<Float> { memories.last?.activation.base ?? input.base }

  /// The loss by the last layer's output, [rows×classes], where backward passes are made.
  var outputGradient: UnsafeMutablePointer<Float> { memories.last?.gradient.base ?? input.base }

  /// Runs the first `rows` rows of `input` through all layers, leaving probabilities in `output`.
  /// - Parameter load: called first with each part's first row and number of rows, by several threads at once: a
  ///   chance to fill `input` and `labels` while they are in the cache.
  package func forward(
    rows: Int, parameters: UnsafePointer<Float>, mode: PassMode, load: (Int, Int) -> Void = { _, _ in }
  ) {
    forEachPart(rows) { _, first, count in
      load(first, count)
      forward(first: first, rows: count, parameters: parameters, mode: mode)
      Kernels.softmax(output + first * network.outputWidth, rows: count, classes: network.outputWidth)
    }
  }

  /// `forward` without the softmax: logits in `output`.
  func run(rows: Int, parameters: UnsafePointer<Float>, mode: PassMode) {
    forEachPart(rows) { _, first, count in forward(first: first, rows: count, parameters: parameters, mode: mode) }
  }

  /// From what the caller put into `outputGradient` back to the first layer; `sumGradients` has to follow.
  func runBackward(rows: Int, parameters: UnsafePointer<Float>, mode: PassMode) {
    prepare(parameters)
    forEachPart(rows) { part, first, count in
      backward(part: part, first: first, rows: count, parameters: parameters, mode: mode)
    }
  }

  /// Scores the probabilities of the last forward pass against `labels`.
  package func score(rows: Int) -> Kernels.BatchScore {
    Kernels.score(output, labels: labels, rows: rows, classes: network.outputWidth)
  }

  /// Writes the gradient of the cross-entropy by all parameters to `parameterGradients`, after a forward pass of the
  /// same rows in the same mode. The loss is summed over the rows and multiplied by `scale`: 1/rows makes it the mean.
  package func backward(
    rows: Int, parameters: UnsafePointer<Float>, into parameterGradients: UnsafeMutablePointer<Float>, scale: Float,
    mode: PassMode = .inference
  ) {
    prepare(parameters)
    forEachPart(rows) { part, first, count in
      lossGradient(first: first, rows: count, scale: scale)
      backward(part: part, first: first, rows: count, parameters: parameters, mode: mode)
    }
    sumGradients(rows: rows, into: parameterGradients)
  }

  /// Forward, score and backward of a training batch in one go, all but the sums of the gradients: `sumGradients` has
  /// to follow. `load` as in `forward`.
  package func pass(
    rows: Int, parameters: UnsafePointer<Float>, mode: PassMode, scale: Float, load: (Int, Int) -> Void
  ) -> Kernels.BatchScore {
    prepare(parameters)
    let classes = network.outputWidth
    forEachPart(rows) { part, first, count in
      load(first, count)
      forward(first: first, rows: count, parameters: parameters, mode: mode)
      let probabilities = output + first * classes
      Kernels.softmax(probabilities, rows: count, classes: classes)
      scores[part] = Kernels.score(probabilities, labels: labels + first, rows: count, classes: classes)
      lossGradient(first: first, rows: count, scale: scale)
      backward(part: part, first: first, rows: count, parameters: parameters, mode: mode)
    }
    var total = Kernels.BatchScore(loss: 0, correct: 0)
    for part in 0..<((rows + partRows - 1) / partRows) {
      total.loss += scores[part].loss
      total.correct += scores[part].correct
    }
    return total
  }

  /// Writes the gradients by all parameters after the rows' backward passes.
  /// - Parameter done: called with each range of parameters once its gradients are there, by several threads at once.
  package func sumGradients(
    rows: Int, into target: UnsafeMutablePointer<Float>, done: (Range<Int>) -> Void = { _ in }
  ) {
    let parts = (rows + partRows - 1) / partRows
    ThreadPool.shared.run(jobs.count) { number in
      let job = jobs[number]
      let memory = memories[job.layer]
      let start = target + network.offsets[job.layer]
      if network.layers[job.layer].sumsByPart {
        memory.sumParts(parts, into: start, range: job.range)
      } else {
        let pass = GradientPass(
          input: source(job.layer), outputGradient: UnsafePointer(memory.gradient.base), parameterGradients: start,
          rows: rows)
        network.layers[job.layer].gradients(pass, range: job.range)
      }
      let offset = network.offsets[job.layer]
      done(offset + job.range.lowerBound..<offset + job.range.upperBound)
    }
  }

  /// Lets every layer rearrange its parameters for the backward pass.
  private func prepare(_ parameters: UnsafePointer<Float>) {
    ThreadPool.shared.run(network.layers.count) { index in
      let layer = network.layers[index]
      // Most need them for the gradient by the input, and nobody asks for the batch's.
      guard index > 0 || inputGradient != nil || layer.alwaysPrepares else { return }
      layer.prepare(
        memories[index].prepared.base, parameters: parameters + network.offsets[index])
    }
  }

  private func forEachPart(_ rows: Int, _ body: (_ part: Int, _ first: Int, _ rows: Int) -> Void) {
    ThreadPool.shared.run((rows + partRows - 1) / partRows) { part in
      body(part, part * partRows, min(partRows, rows - part * partRows))
    }
  }

  /// What a layer reads: the output of the one before, or the batch.
  private func source(_ layer: Int) -> UnsafePointer<Float> {
    UnsafePointer(layer > 0 ? memories[layer - 1].activation.base : input.base)
  }

  private func lossGradient(first: Int, rows: Int, scale: Float) {
    let classes = network.outputWidth
    let target = outputGradient + first * classes
    target.update(from: output + first * classes, count: rows * classes)
    Kernels.crossEntropyGradient(target, labels: labels + first, rows: rows, classes: classes, scale: scale)
  }

  private func forward(first: Int, rows: Int, parameters: UnsafePointer<Float>, mode: PassMode) {
    let mode = mode.starting(at: first)
    for (index, layer) in network.layers.enumerated() {
      let memory = memories[index]
      layer.forward(
        ForwardPass(
          input: source(index) + first * layer.inputWidth, output: memory.activation.base + first * layer.outputWidth,
          parameters: parameters + network.offsets[index],
          scratch: training ? memory.scratch.base + first * layer.scratchWidth : nil,
          temporary: memory.temporary(part: first / partRows), rows: rows, mode: mode))
    }
  }

  /// The rows' way back from `outputGradient`.
  private func backward(part: Int, first: Int, rows: Int, parameters: UnsafePointer<Float>, mode: PassMode) {
    let mode = mode.starting(at: first)
    for index in network.layers.indices.reversed() {
      let layer = network.layers[index]
      let memory = memories[index]
      let inputGradient = index > 0 ? memories[index - 1].gradient : self.inputGradient
      layer.backward(
        BackwardPass(
          input: source(index) + first * layer.inputWidth,
          output: UnsafePointer(memory.activation.base + first * layer.outputWidth),
          outputGradient: memory.gradient.base + first * layer.outputWidth,
          inputGradient: inputGradient.map { $0.base + first * layer.inputWidth },
          parameters: parameters + network.offsets[index], prepared: UnsafePointer(memory.prepared.base),
          parameterGradients: memory.partialGradients(part: part),
          scratch: memory.scratch.base + first * layer.scratchWidth, temporary: memory.temporary(part: part),
          rows: rows, mode: mode))
    }
  }
}

extension PassMode {
  /// The mode of a part of the batch that starts `row` rows later.
  fileprivate func starting(at row: Int) -> PassMode {
    guard case .training(let key, let firstRow) = self else { return self }
    return .training(key: key, firstRow: firstRow + row)
  }
}
