/// The memory of forward and backward passes over up to `maximumRows` rows, allocated once.
package final class Workspace {
  package let network: Network
  package let maximumRows: Int
  /// The batch, [maximumRows×inputWidth]; filled by the caller.
  package let input: FloatBuffer
  /// The batch's class numbers, [maximumRows].
  package let labels: UnsafeMutablePointer<Int32>

  private let blas: Blas
  /// One a layer; layers that work in place share their predecessor's.
  private let activations: [FloatBuffer]
  /// Loss by activation, shared likewise; empty when made for inference.
  private let gradients: [FloatBuffer]
  private let scratch: [FloatBuffer]

  /// - Parameter training: whether backward passes will be made.
  package init(network: Network, maximumRows: Int, training: Bool, blas: Blas) {
    self.network = network
    self.maximumRows = maximumRows
    self.blas = blas
    input = FloatBuffer(count: maximumRows * network.inputWidth)
    labels = .allocate(capacity: max(1, maximumRows))
    labels.initialize(repeating: 0, count: max(1, maximumRows))
    var activations: [FloatBuffer] = []
    var gradients: [FloatBuffer] = []
    for layer in network.layers {
      // The first layer must not overwrite the batch.
      let shared = layer.worksInPlace ? activations.last : nil
      activations.append(shared ?? FloatBuffer(count: maximumRows * layer.outputWidth))
      if training {
        let sharedGradient = layer.worksInPlace ? gradients.last : nil
        gradients.append(sharedGradient ?? FloatBuffer(count: maximumRows * layer.outputWidth))
      }
    }
    self.activations = activations
    self.gradients = gradients
    scratch = network.layers.map { FloatBuffer(count: training ? maximumRows * $0.scratchWidth : 0) }
  }

  deinit { labels.deallocate() }

  /// The last layer's output: logits, or probabilities after `softmax`. [rows×classes]
  package var output: UnsafeMutablePointer<Float> { (activations.last ?? input).base }

  /// Runs the first `rows` rows of `input` through all layers, leaving probabilities in `output`.
  package func forward(rows: Int, parameters: UnsafePointer<Float>, mode: PassMode) {
    var source = UnsafePointer(input.base)
    for index in network.layers.indices {
      network.layers[index].forward(
        ForwardPass(
          input: source, output: activations[index].base, parameters: parameters + network.offsets[index],
          scratch: scratch[index].base, rows: rows, mode: mode),
        blas: blas)
      source = UnsafePointer(activations[index].base)
    }
    Kernels.softmax(output, rows: rows, classes: network.outputWidth)
  }

  /// Scores the probabilities of the last forward pass against `labels`.
  package func score(rows: Int) -> Kernels.BatchScore {
    Kernels.score(output, labels: labels, rows: rows, classes: network.outputWidth)
  }

  /// Writes the gradient of the cross-entropy by all parameters to `parameterGradients`, after a forward pass in
  /// training mode. The loss is summed over the rows and multiplied by `scale`: 1/rows makes it the mean.
  package func backward(
    rows: Int, parameters: UnsafePointer<Float>, into parameterGradients: UnsafeMutablePointer<Float>, scale: Float
  ) {
    guard let last = gradients.last else { return }
    last.base.update(from: output, count: rows * network.outputWidth)
    Kernels.crossEntropyGradient(
      last.base, labels: labels, rows: rows, classes: network.outputWidth, scale: scale)
    for index in network.layers.indices.reversed() {
      network.layers[index].backward(
        BackwardPass(
          input: UnsafePointer(index > 0 ? activations[index - 1].base : input.base),
          output: UnsafePointer(activations[index].base), outputGradient: UnsafePointer(gradients[index].base),
          inputGradient: index > 0 ? gradients[index - 1].base : nil,
          parameters: parameters + network.offsets[index],
          parameterGradients: parameterGradients + network.offsets[index],
          scratch: UnsafePointer(scratch[index].base), rows: rows),
        blas: blas)
    }
  }
}
