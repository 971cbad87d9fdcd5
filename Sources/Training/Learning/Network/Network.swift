import TrainingDefinition

/// A chain of layers that ends in logits; softmax and cross-entropy belong to the workspace. Sizes only, no memory.
package struct Network: Sendable {
  package let layers: [any Layer]
  /// Features of a row.
  package let inputWidth: Int
  /// Logits of a row: the number of classes.
  package let outputWidth: Int
  /// Where each layer's parameters start.
  package let offsets: [Int]
  /// All parameters lie in one block, layer after layer: one update, one allreduce, one copy.
  package let parameterCount: Int
  /// Every named tensor, in memory order.
  package let slots: [TensorSlot]
  /// Rows of the parts that a batch is cut into: a matter of the network alone, never of the threads.
  let partRows: Int
  /// Floats that a workspace holds for each row of a training batch.
  let rowFloats: Int

  /// Builds the layers of `specs` on `inputWidth` features.
  init(_ specs: [LayerSpec], inputWidth: Int) throws(LayerProblem) {
    let built = try NetworkBuilder.build(specs, inputWidth: inputWidth)
    self.init(layers: built.layers, inputWidth: inputWidth)
  }

  /// A chain of ready layers whose widths fit.
  package init(layers: [any Layer], inputWidth: Int) {
    self.layers = layers
    self.inputWidth = inputWidth
    outputWidth = layers.last?.outputWidth ?? inputWidth
    var offsets: [Int] = []
    var slots: [TensorSlot] = []
    var numbers: [String: Int] = [:]
    var total = 0
    for layer in layers {
      offsets.append(total)
      if layer.parameterCount > 0 { numbers[layer.kind, default: 0] += 1 }
      for slot in layer.slots(prefix: "\(layer.kind)\(numbers[layer.kind] ?? 0)") {
        slots.append(TensorSlot(name: slot.name, shape: slot.shape, offset: total + slot.offset))
      }
      total += layer.parameterCount
    }
    self.offsets = offsets
    self.slots = slots
    parameterCount = total
    partRows = layers.map(\.preferredRows).max() ?? 16
    rowFloats = layers.reduce(2 * inputWidth) { $0 + 2 * $1.outputWidth + $1.scratchWidth }
  }

  /// Fresh parameters, each layer's from a stream of its own.
  package func initialise(_ parameters: FloatBuffer, seed: UInt64) {
    for (index, layer) in layers.enumerated() {
      var random = SeededRandom(seed: seed, stream: 0x696E_6974 + UInt64(index))  // "init"
      layer.initialise(parameters.base + offsets[index], random: &random)
    }
  }
}
