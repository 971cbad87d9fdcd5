/// How a network becomes a model's tensors and a classifier again.
enum NetworkModel {
  /// One tensor for each of the network's slots, 32-bit.
  static func tensors(of network: Network, parameters: FloatBuffer) -> [Tensor] {
    let values = parameters.array
    return network.slots.map { slot in
      Tensor(name: slot.name, shape: slot.shape, floats: Array(values[slot.offset..<(slot.offset + slot.count)]))
    }
  }

  static func tensors(
    in file: TensorFile, layers: [LayerSpec], for preprocessing: Preprocessing
  ) throws(LearningError) -> [Tensor] {
    guard layers.allSatisfy(\.isSane) else { throw .badModel(detail: "its layers have impossible sizes") }
    let network = Network(layers, inputWidth: preprocessing.inputWidth)
    guard network.outputWidth == preprocessing.classes.count else {
      throw .badModel(detail: "it has \(network.outputWidth) outputs for \(preprocessing.classes.count) classes")
    }
    var tensors: [Tensor] = []
    for slot in network.slots {
      guard let tensor = file[slot.name], tensor.shape == slot.shape, tensor.floats != nil else {
        throw .badModel(detail: "tensor \(slot.name) is missing or not a 32-bit \(slot.shape)")
      }
      tensors.append(tensor)
    }
    return tensors
  }

  static func classifier(
    _ tensors: [Tensor], layers: [LayerSpec], for preprocessing: Preprocessing
  ) throws(LearningError) -> NetworkClassifier {
    let network = Network(layers, inputWidth: preprocessing.inputWidth)
    let parameters = FloatBuffer(count: network.parameterCount)
    for (slot, tensor) in zip(network.slots, tensors) {
      (tensor.floats ?? []).withUnsafeBufferPointer { values in
        guard let start = values.baseAddress, values.count == slot.count else { return }
        (parameters.base + slot.offset).update(from: start, count: slot.count)
      }
    }
    return NetworkClassifier(network: network, parameters: parameters, blas: try Blas.load())
  }
}

extension LayerSpec {
  /// Sizes that can be allocated and rates that make sense: a model file may come from anywhere.
  fileprivate var isSane: Bool {
    switch self {
    case .dense(let units): (1...1 << 20).contains(units)
    case .relu: true
    case .dropout(let rate): rate >= 0 && rate < 1
    }
  }
}
