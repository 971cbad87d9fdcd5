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

  /// Builds the layers of `specs` on `inputWidth` features.
  package init(_ specs: [LayerSpec], inputWidth: Int) {
    var layers: [any Layer] = []
    var width = inputWidth
    for spec in specs {
      switch spec {
      case .dense(let units): layers.append(DenseLayer(inputWidth: width, outputWidth: units))
      case .relu: layers.append(ReluLayer(width: width))
      case .dropout(let rate): layers.append(DropoutLayer(width: width, rate: rate, index: layers.count))
      }
      width = layers.last?.outputWidth ?? width
    }
    self.init(layers: layers, inputWidth: inputWidth)
  }

  /// A chain of ready layers whose widths fit.
  package init(layers: [any Layer], inputWidth: Int) {
    self.layers = layers
    self.inputWidth = inputWidth
    outputWidth = layers.last?.outputWidth ?? inputWidth
    var offsets: [Int] = []
    var slots: [TensorSlot] = []
    var total = 0
    for layer in layers {
      offsets.append(total)
      let weighted = layer.parameterCount > 0
      let number = slots.count / 2 + 1
      for slot in weighted ? layer.slots(prefix: "dense\(number)") : [] {
        slots.append(TensorSlot(name: slot.name, shape: slot.shape, offset: total + slot.offset))
      }
      total += layer.parameterCount
    }
    self.offsets = offsets
    self.slots = slots
    parameterCount = total
  }

  /// Fresh parameters, each layer's from a stream of its own.
  package func initialise(_ parameters: FloatBuffer, seed: UInt64) {
    for (index, layer) in layers.enumerated() {
      var random = SeededRandom(seed: seed, stream: 0x696E_6974 + UInt64(index))  // "init"
      layer.initialise(parameters.base + offsets[index], random: &random)
    }
  }
}
