/// A named block of a network's parameters.
package struct TensorSlot: Sendable, Equatable {
  /// Such as `dense1.weight`.
  package let name: String
  package let shape: [Int]
  /// Where it starts among the network's parameters.
  package let offset: Int

  package var count: Int { shape.reduce(1, *) }
}
