/// A layer as a model file describes it; widths follow from the layer before.
package enum LayerSpec: Codable, Sendable, Equatable {
  /// Fully connected: y = x·W + b.
  case dense(units: Int)
  case relu
  /// Drops units with probability `rate` while training and scales the others by 1/(1 − rate).
  case dropout(rate: Double)
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
