/// Rows drawn with replacement, as many as there are (Efron, 1979).
enum Bootstrap {
  private static let stream: UInt64 = 0x62_6167  // "bag"

  /// Calls `body` with how often each of `count` rows is drawn; rows drawn 0 times are out of the bag.
  static func draw<Result>(
    _ count: Int, seed: UInt64, _ body: (UnsafeMutableBufferPointer<UInt16>) -> Result
  ) -> Result {
    var random = SeededRandom(seed: seed, stream: stream)
    return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) { weights in
      weights.initialize(repeating: 0)
      var drawn = 0
      while drawn < count {
        let row = random.below(count)
        // Beyond 65,535 times the weight would not fit; no sample of this world comes near.
        weights[row] = min(weights[row], UInt16.max - 1) + 1
        drawn &+= 1
      }
      return body(weights)
    }
  }
}
