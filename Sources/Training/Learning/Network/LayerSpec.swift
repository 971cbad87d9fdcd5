/// A layer as a model file describes it; sizes follow from the layer before.
package enum LayerSpec: Codable, Sendable, Equatable {
  /// Fully connected: y = x·W + b.
  case dense(units: Int)
  case relu
  case tanh
  case sigmoid
  /// Drops units with probability `rate` while training and scales the others by 1/(1 − rate).
  case dropout(rate: Double)
  /// The row read as an image of `shape` (height, width, channels), or as a sequence of `shape` (steps, features).
  case reshape(shape: [Int])
  /// The image or sequence read as a row again.
  case flatten
  /// Convolution of an image with `kernel`×`kernel` windows, stride 1, without padding.
  case conv2d(filters: Int, kernel: Int)
  /// The largest of each `size`×`size` window of an image.
  case maxPool2d(size: Int)
  /// Long short-term memory over a sequence; its last hidden state.
  case lstm(units: Int)

  /// The activation that this is, if it is one.
  var activation: Activation? {
    switch self {
    case .relu: .relu
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    default: nil
    }
  }
}

/// A named block of a network's parameters.
package struct TensorSlot: Sendable, Equatable {
  /// Such as `dense1.weight`.
  package let name: String
  package let shape: [Int]
  /// Where it starts among the network's parameters.
  package let offset: Int

  package var count: Int { shape.reduce(1, *) }
}
