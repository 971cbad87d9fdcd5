/// Some consecutive cells of one column, in the least memory that holds them exactly: numbers as 32-bit floats where all
/// of them are such, categories in one, two or four bytes.
final class ColumnSegment {
  private enum Storage {
    case floats(UnsafeMutablePointer<Float>)
    case doubles(UnsafeMutablePointer<Double>)
    case codes8(UnsafeMutablePointer<UInt8>)
    case codes16(UnsafeMutablePointer<UInt16>)
    case codes32(UnsafeMutablePointer<Int32>)
  }

  /// Number of cells.
  let count: Int
  private let storage: Storage
  /// What the stored codes stand for; nil for numbers.
  var meaning: [Int32]?

  /// Numbers; NaN where the cell is not known.
  init(numbers: UnsafePointer<Double>, count: Int) {
    self.count = count
    var fits = true
    var row = 0
    while row < count {
      let value = numbers[row]
      if Double(Float(value)) != value && !value.isNaN { fits = false }
      row &+= 1
    }
    if fits {
      let floats = UnsafeMutablePointer<Float>.allocate(capacity: count)
      row = 0
      while row < count {
        floats[row] = Float(numbers[row])
        row &+= 1
      }
      storage = .floats(floats)
    } else {
      let doubles = UnsafeMutablePointer<Double>.allocate(capacity: count)
      doubles.initialize(from: numbers, count: count)
      storage = .doubles(doubles)
    }
  }

  /// Numbers of an interner, from 0.
  init(codes: UnsafePointer<Int32>, count: Int) {
    self.count = count
    meaning = []
    var largest: Int32 = 0
    var row = 0
    while row < count {
      largest = max(largest, codes[row])
      row &+= 1
    }
    if largest <= UInt8.max {
      storage = .codes8(Self.narrowed(codes, count))
    } else if largest <= UInt16.max {
      storage = .codes16(Self.narrowed(codes, count))
    } else {
      storage = .codes32(Self.narrowed(codes, count))
    }
  }

  private static func narrowed<Code: FixedWidthInteger>(
    _ codes: UnsafePointer<Int32>, _ count: Int
  ) -> UnsafeMutablePointer<Code> {
    let result = UnsafeMutablePointer<Code>.allocate(capacity: count)
    var row = 0
    while row < count {
      result[row] = Code(truncatingIfNeeded: codes[row])
      row &+= 1
    }
    return result
  }

  deinit {
    switch storage {
    case .floats(let values): values.deallocate()
    case .doubles(let values): values.deallocate()
    case .codes8(let values): values.deallocate()
    case .codes16(let values): values.deallocate()
    case .codes32(let values): values.deallocate()
    }
  }

  /// Writes all cells to `target`: numbers, or places among the categories as `meaning` has them; NaN where the cell is
  /// not known.
  func read(into target: UnsafeMutablePointer<Double>) {
    switch storage {
    case .floats(let values):
      var row = 0
      while row < count {
        target[row] = Double(values[row])
        row &+= 1
      }
    case .doubles(let values): target.update(from: values, count: count)
    case .codes8(let values): translate(values, into: target)
    case .codes16(let values): translate(values, into: target)
    case .codes32(let values): translate(values, into: target)
    }
  }

  private func translate<Code: FixedWidthInteger>(
    _ codes: UnsafePointer<Code>, into target: UnsafeMutablePointer<Double>
  ) {
    (meaning ?? []).withUnsafeBufferPointer { meaning in
      var row = 0
      while row < count {
        let place = meaning[Int(truncatingIfNeeded: codes[row])]
        target[row] = place < 0 ? .nan : Double(place)
        row &+= 1
      }
    }
  }
}

/// A column as it was read: raw numbers, before any filling in or scaling.
struct TableColumn {
  var kind: FeatureColumn.Kind
  /// Sorted by their UTF-8 bytes; empty unless `kind` is category.
  var categories: [String]
  /// The cells from top to bottom. Segment n of all columns of a table holds the same rows.
  var segments: [ColumnSegment]

  /// Calls `body` with the cells of each segment, the first one's row and their number, from top to bottom, until it
  /// returns false. Booleans are 0 and 1, categories their places; NaN where a cell is not known.
  func forEachSegment(_ body: (UnsafePointer<Double>, Int, Int) -> Bool) {
    let scratch = UnsafeMutablePointer<Double>.allocate(capacity: max(1, segments.map(\.count).max() ?? 1))
    defer { scratch.deallocate() }
    var first = 0
    for segment in segments {
      segment.read(into: scratch)
      guard body(UnsafePointer(scratch), first, segment.count) else { return }
      first += segment.count
    }
  }
}
