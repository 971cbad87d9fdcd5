import ONNX

/// A network's layers as ONNX operations. Dropout is for training only and leaves no trace.
struct NetworkGraph {
  private let layers: [LayerSpec]
  private let network: Network
  private let tensors: [String: Tensor]

  /// - Parameter tensors: one a slot of the network.
  init(_ layers: [LayerSpec], _ tensors: [Tensor], inputWidth: Int) {
    self.layers = layers
    network = Network(layers, inputWidth: inputWidth)
    self.tensors = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Appends the layers and the softmax after them.
  /// - Returns: the probabilities [N×classes].
  func append(features: String, to builder: inout GraphBuilder) -> String {
    var value = features
    var slots = network.slots[...]
    for spec in layers {
      switch spec {
      case .dense:
        let weight = parameter(slots.removeFirst(), &builder)
        let bias = parameter(slots.removeFirst(), &builder)
        value = builder.node("Gemm", [value, weight, bias], name: "dense")
      case .relu:
        value = builder.node("Relu", [value], name: "relu")
      case .dropout: break
      }
    }
    return builder.node("Softmax", [value], name: "softmax", attributes: [.init("axis", .integer(1))])
  }

  private func parameter(_ slot: TensorSlot, _ builder: inout GraphBuilder) -> String {
    builder.constant(slot.name, shape: slot.shape, .floats(tensors[slot.name]?.floats ?? []))
  }
}
