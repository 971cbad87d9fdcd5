/// A fixed block of numbers for one column of a table; zeros at first. Parts of it are filled on different threads.
final class ColumnBuffer<Element: BitwiseCopyable> {
  let count: Int
  let base: UnsafeMutablePointer<Element>

  init(count: Int, initial: Element) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: initial, count: max(count, 1))
  }

  deinit { base.deallocate() }
}

/// A column as it was read: raw numbers, before any filling in or scaling.
struct TableColumn {
  enum Values {
    /// NaN where the cell is not known.
    case numbers(ColumnBuffer<Double>)
    /// Places among the categories, or 0 and 1; −1 where the cell is not known.
    case codes(ColumnBuffer<Int32>)
  }

  var kind: FeatureColumn.Kind
  var values: Values
  /// Sorted by their UTF-8 bytes; empty unless `kind` is category.
  var categories: [String]

  /// Whether the cell of `row` is known.
  @inline(__always)
  func isKnown(_ row: Int) -> Bool {
    switch values {
    case .numbers(let buffer): !buffer.base[row].isNaN
    case .codes(let buffer): buffer.base[row] >= 0
    }
  }

  /// The value of `row` as a number; NaN where it is not known.
  @inline(__always)
  func value(_ row: Int) -> Double {
    switch values {
    case .numbers(let buffer): buffer.base[row]
    case .codes(let buffer): buffer.base[row] < 0 ? .nan : Double(buffer.base[row])
    }
  }
}
