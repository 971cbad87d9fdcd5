/// Rows of the kernel matrix of one pair of classes, computed in blocks by matrix products and kept while there is room.
///
/// Places are local: the first class's rows, then the second's. Owned by the solver of the pair.
final class KernelRows {
  /// Rows of both classes.
  let count: Int

  private let rows: ClassRows
  private let segments: [Segment]
  private let tiles: [Tile]
  private let kernel: SupportVectorKernel
  private let blas: Blas
  private let pool: ThreadPool

  /// Where a row's values lie, by local place; −1 where they are not kept.
  private var slotOf: [Int32]
  private var slots: [Slot] = []
  private var clock = 0
  private let capacity: Int
  /// The rows of a block, [blockRows × width].
  private let gathered: FloatBuffer
  /// Room for a block of products, one for each part of a region.
  private let products: [FloatBuffer]

  private struct Segment {
    let start: Int
    let count: Int
    /// Local place of the first row.
    let offset: Int
  }

  private struct Tile {
    /// Place in the sorted rows.
    let start: Int
    let count: Int
    /// Local place.
    let offset: Int
  }

  private struct Slot {
    let values: FloatBuffer
    var place: Int
    var used: Int
  }

  static let blockRows = 256
  private static let tileColumns = 512
  private static let parts = 8

  /// - Parameter capacity: rows kept at most.
  init(_ rows: ClassRows, pair: ClassPair, kernel: SupportVectorKernel, capacity: Int, blas: Blas, pool: ThreadPool) {
    self.rows = rows
    self.kernel = kernel
    self.blas = blas
    self.pool = pool
    let first = Segment(start: rows.starts[pair.first], count: rows.count(of: pair.first), offset: 0)
    let second = Segment(start: rows.starts[pair.second], count: rows.count(of: pair.second), offset: first.count)
    segments = [first, second]
    count = first.count + second.count
    self.capacity = capacity
    tiles = segments.flatMap { segment in
      stride(from: 0, to: segment.count, by: Self.tileColumns).map { done in
        Tile(
          start: segment.start + done, count: min(Self.tileColumns, segment.count - done),
          offset: segment.offset + done)
      }
    }
    slotOf = [Int32](repeating: -1, count: count)
    let block = min(Self.blockRows, count)
    gathered = FloatBuffer(count: block * rows.width)
    products = (0..<min(Self.parts, tiles.count)).map { _ in
      FloatBuffer(count: block * Self.tileColumns)
    }
  }

  /// The place of a row of the pair among all sorted rows.
  func place(of local: Int) -> Int {
    local < segments[0].count ? segments[0].start + local : segments[1].start + local - segments[1].offset
  }

  /// The kernel value of a row with itself.
  func diagonal(_ local: Int) -> Double { kernel.diagonal(norm: rows.norms.base[place(of: local)]) }

  /// The values of a row with all rows of the pair. It must have been asked for in the last call of `prepare`.
  func row(_ local: Int) -> UnsafePointer<Float> { UnsafePointer(slots[Int(slotOf[local])].values.base) }

  /// Makes the rows `wanted` available, at most `capacity`; the ones longest out of use give way.
  func prepare(_ wanted: [Int32]) {
    clock += 1
    var missing: [Int32] = []
    for local in wanted {
      let slot = Int(slotOf[Int(local)])
      if slot >= 0 { slots[slot].used = clock } else { missing.append(local) }
    }
    guard !missing.isEmpty else { return }
    let places = makeRoom(missing)
    var done = 0
    while done < missing.count {
      let size = min(Self.blockRows, missing.count - done)
      compute(missing[done..<(done + size)], into: places[done..<(done + size)])
      done += size
    }
  }

  /// Forgets all rows.
  func clear() {
    for index in slotOf.indices { slotOf[index] = -1 }
    slots.removeAll()
  }

  /// Slots for the rows `missing`, in their order.
  private func makeRoom(_ missing: [Int32]) -> [Int] {
    var chosen: [Int] = []
    while slots.count < capacity, chosen.count < missing.count {
      chosen.append(slots.count)
      slots.append(Slot(values: FloatBuffer(count: count), place: -1, used: clock))
    }
    if chosen.count < missing.count {
      let old = slots.indices.filter { slots[$0].used < clock }.sorted { slots[$0].used < slots[$1].used }
      chosen += old.prefix(missing.count - chosen.count)
    }
    precondition(chosen.count == missing.count, "more kernel rows wanted than there is room for")
    for (slot, local) in zip(chosen, missing) {
      if slots[slot].place >= 0 { slotOf[slots[slot].place] = -1 }
      slots[slot].place = Int(local)
      slots[slot].used = clock
      slotOf[Int(local)] = Int32(truncatingIfNeeded: slot)
    }
    return chosen
  }

  private func compute(_ block: ArraySlice<Int32>, into slots: ArraySlice<Int>) {
    let width = rows.width
    let sources = block.map { place(of: Int($0)) }
    let targets = slots.map { self.slots[$0].values.base }
    for (index, source) in sources.enumerated() {
      (gathered.base + index * width).update(from: rows.values.base + source * width, count: width)
    }
    pool.run(products.count) { part in
      for tile in stride(from: part, to: tiles.count, by: products.count) {
        compute(tiles[tile], sources, targets, products[part])
      }
    }
  }

  private func compute(
    _ tile: Tile, _ sources: [Int], _ targets: [UnsafeMutablePointer<Float>], _ products: FloatBuffer
  ) {
    blas.multiply(
      gathered.base, rows.values.base + tile.start * rows.width, transposeB: true, into: products.base,
      m: sources.count, n: tile.count, k: rows.width)
    for index in sources.indices {
      let target = targets[index] + tile.offset
      target.update(from: products.base + index * tile.count, count: tile.count)
      kernel.apply(
        target, norms: rows.norms.base + tile.start, norm: rows.norms.base[sources[index]], count: tile.count)
    }
  }
}
