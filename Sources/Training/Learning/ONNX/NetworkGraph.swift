import ONNX
import TrainingDefinition

/// A network's layers as ONNX operations. Dropout is for training only and leaves no trace.
struct NetworkGraph {
  private let layers: [LayerSpec]
  private let tensors: [String: Tensor]
  /// Parameters of the layers still to come.
  private var slots: ArraySlice<TensorSlot>
  private var builder: GraphBuilder
  /// The output of the layers so far.
  private var value: String
  /// What a row of it is, in our order: line by line, channels innermost.
  private var shape: FeatureShape
  /// Whether the value has channels before lines, as ONNX's layers for images want and make it.
  private var hasChannelsFirst = false

  /// Appends the layers and the softmax after them to `builder`.
  /// - Parameters:
  ///   - tensors: one a slot of the network, checked.
  ///   - features: a float value [N×inputWidth].
  /// - Returns: the probabilities [N×classes].
  /// - Throws: `notExportable` where the layers are no network.
  static func append(
    _ layers: [LayerSpec], _ tensors: [Tensor], features: String, inputWidth: Int, to builder: inout GraphBuilder
  ) throws(LearningError) -> String {
    guard let network = try? Network(layers, inputWidth: inputWidth) else {
      throw .notExportable(detail: "its layers do not fit each other")
    }
    var graph = NetworkGraph(
      layers: layers, tensors: Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }),
      slots: network.slots[...], builder: builder, value: features, shape: .vector(inputWidth))
    for layer in layers { graph.add(layer) }
    graph.flatten()
    builder = graph.builder
    return builder.node("Softmax", [graph.value], name: "softmax", attributes: [.init("axis", .integer(1))])
  }

  private mutating func add(_ layer: LayerSpec) {
    switch layer {
    case .dense(let units): addDense(units)
    case .relu: value = builder.node("Relu", [value], name: "relu")
    case .tanh: value = builder.node("Tanh", [value], name: "tanh")
    case .sigmoid: value = builder.node("Sigmoid", [value], name: "sigmoid")
    case .dropout: break
    case .reshape(let sizes):
      flatten()
      shape =
        sizes.count == 2
        ? .sequence(steps: sizes[0], width: sizes[1])
        : .image(height: sizes[0], width: sizes[1], channels: sizes[2])
    case .flatten: flatten()
    case .conv2d(let filters, let kernel): addConvolution(filters, kernel)
    case .maxPool2d(let size): addPool(size)
    case .lstm(let units): addLSTM(units)
    }
  }

  private mutating func addDense(_ units: Int) {
    let (weight, bias) = (slots.removeFirst(), slots.removeFirst())
    let constants = [weight, bias].map { builder.constant($0.name, shape: $0.shape, .floats(values($0))) }
    value = builder.node("Gemm", [value] + constants, name: "dense")
    shape = .vector(units)
  }

  /// Ours are [lines×columns×channels×filters], ONNX's [filters×channels×lines×columns].
  private mutating func addConvolution(_ filters: Int, _ kernel: Int) {
    guard case .image(let height, let width, let channels) = shape else { return }
    putChannelsFirst()
    let (weight, bias) = (slots.removeFirst(), slots.removeFirst())
    let turned = Self.transposed(values(weight), rows: kernel * kernel * channels, columns: filters)
    // Each filter's [cells×channels] become [channels×cells].
    let cells = kernel * kernel
    let weights = (0..<filters).flatMap { filter in
      Self.transposed(
        Array(turned[(filter * cells * channels)..<((filter + 1) * cells * channels)]), rows: cells, columns: channels)
    }
    let constants = [
      builder.constant(weight.name, shape: [filters, channels, kernel, kernel], .floats(weights)),
      builder.constant(bias.name, shape: [filters], .floats(values(bias))),
    ]
    value = builder.node(
      "Conv", [value] + constants, name: "convolution",
      attributes: [.init("kernel_shape", .integers([kernel, kernel]))])
    shape = .image(height: height - kernel + 1, width: width - kernel + 1, channels: filters)
  }

  private mutating func addPool(_ size: Int) {
    guard case .image(let height, let width, let channels) = shape else { return }
    putChannelsFirst()
    value = builder.node(
      "MaxPool", [value], name: "pool",
      attributes: [.init("kernel_shape", .integers([size, size])), .init("strides", .integers([size, size]))])
    shape = .image(height: height / size, width: width / size, channels: channels)
  }

  /// Our gates come as input, forget, candidate, output; ONNX's as input, output, forget, candidate. Its weights are
  /// transposed, and it has a second bias, which stays 0.
  private mutating func addLSTM(_ units: Int) {
    guard case .sequence(let steps, let width) = shape else { return }
    let (weight, recurrent, bias) = (slots.removeFirst(), slots.removeFirst(), slots.removeFirst())
    func turned(_ slot: TensorSlot, rows: Int) -> [Float] {
      Self.reordered(Self.transposed(values(slot), rows: rows, columns: 4 * units))
    }
    let biases = Self.reordered(values(bias)) + [Float](repeating: 0, count: 4 * units)
    let constants = [
      builder.constant(weight.name, shape: [1, 4 * units, width], .floats(turned(weight, rows: width))),
      builder.constant(recurrent.name, shape: [1, 4 * units, units], .floats(turned(recurrent, rows: units))),
      builder.constant(bias.name, shape: [1, 8 * units], .floats(biases)),
    ]
    let rows = builder.node("Reshape", [value, builder.integers("steps", [-1, steps, width])], name: "rows")
    let inTime = builder.node(
      "Transpose", [rows], name: "in_time", attributes: [.init("perm", .integers([1, 0, 2]))])
    let outputs = builder.node(
      "LSTM", [inTime] + constants, names: ["", "last_state"], attributes: [.init("hidden_size", .integer(units))])
    value = builder.node("Squeeze", [outputs[1], builder.integers("direction", [0])], name: "state")
    shape = .vector(units)
  }

  /// Rows as images [N×channels×height×width].
  private mutating func putChannelsFirst() {
    guard case .image(let height, let width, let channels) = shape, !hasChannelsFirst else { return }
    hasChannelsFirst = true
    guard channels > 1 else {
      value = builder.node(
        "Reshape", [value, builder.integers("image_shape", [-1, 1, height, width])], name: "images")
      return
    }
    let sizes = builder.integers("image_shape", [-1, height, width, channels])
    let images = builder.node("Reshape", [value, sizes], name: "images")
    value = builder.node(
      "Transpose", [images], name: "channels_first", attributes: [.init("perm", .integers([0, 3, 1, 2]))])
  }

  /// Rows as rows [N×count], in our order.
  private mutating func flatten() {
    defer { shape = .vector(shape.count) }
    guard hasChannelsFirst else { return }
    hasChannelsFirst = false
    let images = builder.node(
      "Transpose", [value], name: "channels_last", attributes: [.init("perm", .integers([0, 2, 3, 1]))])
    value = builder.node("Flatten", [images], name: "flat", attributes: [.init("axis", .integer(1))])
  }

  private func values(_ slot: TensorSlot) -> [Float] { tensors[slot.name]?.floats ?? [] }

  private static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    (0..<(rows * columns)).map { values[$0 % rows * columns + $0 / rows] }
  }

  /// Four blocks, one a gate, in ONNX's order.
  private static func reordered(_ values: [Float]) -> [Float] {
    let size = values.count / 4
    return [0, 3, 1, 2].flatMap { values[($0 * size)..<(($0 + 1) * size)] }
  }
}
