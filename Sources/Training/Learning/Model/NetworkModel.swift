import TrainingDefinition

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
    let network = try network(layers, for: preprocessing)
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
    let network = try network(layers, for: preprocessing)
    let parameters = FloatBuffer(count: network.parameterCount)
    for (slot, tensor) in zip(network.slots, tensors) {
      (tensor.floats ?? []).withUnsafeBufferPointer { values in
        guard let start = values.baseAddress, values.count == slot.count else { return }
        (parameters.base + slot.offset).update(from: start, count: slot.count)
      }
    }
    return NetworkClassifier(network: network, parameters: parameters)
  }

  /// The network of a file, which may come from anywhere: sizes that can be allocated and layers that fit each other.
  private static func network(
    _ layers: [LayerSpec], for preprocessing: Preprocessing
  ) throws(LearningError) -> Network {
    do {
      return try Network(layers, inputWidth: preprocessing.inputWidth)
    } catch {
      throw .badModel(
        detail: "its layer \(error.index) cannot be: \(error.field) \(error.value), not \(error.expected)")
    }
  }
}
