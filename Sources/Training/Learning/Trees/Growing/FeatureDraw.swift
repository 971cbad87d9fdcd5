/// Features in random order without repetition, one after the other (the start of a Fisher–Yates shuffle).
struct FeatureDraw {
  private let order: UnsafeMutablePointer<UInt32>
  private let identity: UnsafeMutablePointer<UInt32>
  private let width: Int
  private var random = SeededRandom(seed: 0)
  private(set) var drawn = 0

  /// - Parameter memory: room for 2·`width` numbers that outlives the draw.
  init(width: Int, memory: UnsafeMutablePointer<UInt32>) {
    self.width = width
    order = memory
    identity = memory + width
    for feature in 0..<width { identity[feature] = UInt32(truncatingIfNeeded: feature) }
  }

  /// Starts again. What is drawn then depends on `seed` alone.
  mutating func begin(seed: UInt64) {
    random = SeededRandom(seed: seed)
    order.update(from: identity, count: width)
    drawn = 0
  }

  /// The next feature; nil once all were drawn.
  mutating func next() -> UInt32? {
    guard drawn < width else { return nil }
    let other = drawn &+ random.below(width &- drawn)
    let feature = order[other]
    order[other] = order[drawn]
    order[drawn] = feature
    drawn &+= 1
    return feature
  }
}
