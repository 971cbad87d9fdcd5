/// Finds the smallest of many values without sorting them all.
struct SmallestValues {
  /// A value and where it is from.
  struct Candidate {
    var value: Double
    var place: Int32

    /// Equal values are ordered by place, so that the choice is always the same.
    static func < (a: Candidate, b: Candidate) -> Bool {
      a.value < b.value || (a.value == b.value && a.place < b.place)
    }
  }

  private var candidates: [Candidate] = []

  mutating func removeAll() { candidates.removeAll(keepingCapacity: true) }

  mutating func add(_ value: Double, at place: Int) {
    candidates.append(Candidate(value: value, place: Int32(truncatingIfNeeded: place)))
  }

  /// The places of the `count` smallest values, or of all where there are fewer, in ascending order of the places.
  mutating func smallest(_ count: Int) -> [Int32] {
    let wanted = min(count, candidates.count)
    candidates.withUnsafeMutableBufferPointer { Self.partition($0, smallest: wanted) }
    return candidates[..<wanted].map(\.place).sorted()
  }

  /// Brings the `wanted` smallest to the front (Hoare's selection, pivots from the middle).
  private static func partition(_ values: UnsafeMutableBufferPointer<Candidate>, smallest wanted: Int) {
    var low = 0
    var high = values.count - 1
    while low < high {
      let pivot = values[(low + high) / 2]
      var i = low
      var j = high
      while i <= j {
        while values[i] < pivot { i += 1 }
        while pivot < values[j] { j -= 1 }
        if i <= j {
          values.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if wanted <= j + 1 { high = j } else if wanted > i { low = i } else { return }
    }
  }
}
