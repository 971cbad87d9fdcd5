/// The rows that one tree learns from, each packed with its class and its weight as the kernels read it.
final class Bag {
  /// Packed rows; their order changes as the tree grows, so that the rows of a node lie together.
  let rows: UnsafeMutablePointer<UInt64>
  /// Room for the kernels to divide rows in.
  let spare: UnsafeMutablePointer<UInt64>
  /// Rows in the bag.
  private(set) var count = 0
  private let capacity: Int

  /// An empty bag for up to `capacity` rows.
  init(capacity: Int) {
    self.capacity = max(capacity, 1)
    rows = .allocate(capacity: self.capacity)
    spare = .allocate(capacity: self.capacity)
  }

  deinit {
    rows.deallocate()
    spare.deallocate()
  }

  /// Every row once.
  func fill(_ labels: [Int32]) {
    fill(labels) { _ in 1 }
  }

  /// The rows of a bootstrap sample; a row drawn several times weighs more.
  func draw(_ labels: [Int32], seed: UInt64) {
    Bootstrap.draw(labels.count, seed: seed) { weights in fill(labels) { Int(weights[$0]) } }
  }

  /// In this order, each once: what a checkpoint kept.
  func restore(_ order: [Int32], labels: [Int32]) {
    count = order.count
    for (place, row) in order.enumerated() { rows[place] = Self.packed(Int(row), labels[Int(row)], weight: 1) }
  }

  /// The row at `place`.
  func row(_ place: Int) -> Int { Int(UInt32(truncatingIfNeeded: rows[place])) }

  /// Adds up the weights by class of `count` packed rows from place `first` on, into `totals` [stride].
  func total(_ first: Int, _ count: Int, into totals: UnsafeMutablePointer<UInt32>, stride: Int) {
    totals.update(repeating: 0, count: stride)
    var place = first
    while place < first &+ count {
      let row = rows[place]
      totals[Int((row >> 32) & 0xFFFF)] &+= UInt32(truncatingIfNeeded: row >> 48)
      place &+= 1
    }
  }

  private func fill(_ labels: [Int32], weight: (Int) -> Int) {
    count = 0
    labels.withUnsafeBufferPointer { labels in
      var row = 0
      while row < labels.count {
        let weight = weight(row)
        if weight > 0 {
          rows[count] = Self.packed(row, labels[row], weight: weight)
          count &+= 1
        }
        row &+= 1
      }
    }
  }

  private static func packed(_ row: Int, _ label: Int32, weight: Int) -> UInt64 {
    UInt64(UInt32(truncatingIfNeeded: row)) | UInt64(UInt32(truncatingIfNeeded: label)) << 32
      | UInt64(truncatingIfNeeded: weight) << 48
  }
}
