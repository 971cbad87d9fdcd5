#if canImport(Glibc)
  import Glibc
#endif

/// The known values of a column, sorted by their UTF-8 bytes, and each value's place among them.
struct SortedCategories {
  private(set) var names: [String] = []
  /// One an entry; −1 for the values that stand for "not known".
  private(set) var places: [Int32]

  init(_ entries: UnsafeBufferPointer<CategoryInterner.Entry>) {
    places = Array(repeating: -1, count: entries.count)
    let keys = entries.indices.filter { !CellParser.isMissing(entries[$0].bytes) }
      .map { Key(prefix: Self.prefix(entries[$0].bytes), entry: $0) }
      .sorted { a, b in
        a.prefix != b.prefix ? a.prefix < b.prefix : Self.precedes(entries[a.entry].bytes, entries[b.entry].bytes)
      }
    names.reserveCapacity(keys.count)
    var isRepaired = false
    for key in keys {
      let bytes = entries[key.entry].bytes
      places[key.entry] = Int32(truncatingIfNeeded: names.count)
      if let name = String(validating: bytes, as: UTF8.self) {
        names.append(name)
      } else {
        isRepaired = true
        names.append(String(decoding: bytes, as: UTF8.self))
      }
    }
    if isRepaired { sortAgain() }
  }

  /// Where bytes are no UTF-8, replacing them may break the order, and different values may get one text.
  private mutating func sortAgain() {
    let order = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    var place = [Int32](repeating: 0, count: names.count)
    var unique: [String] = []
    for index in order {
      if unique.last.map({ $0.utf8.elementsEqual(names[index].utf8) }) != true { unique.append(names[index]) }
      place[index] = Int32(truncatingIfNeeded: unique.count - 1)
    }
    places = places.map { $0 < 0 ? -1 : place[Int($0)] }
    names = unique
  }

  private struct Key {
    var prefix: UInt64
    var entry: Int
  }

  /// The first eight bytes as a big-endian number: most comparisons need no more.
  private static func prefix(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var prefix: UInt64 = 0
    for place in 0..<8 { prefix = prefix << 8 | (place < bytes.count ? UInt64(bytes[place]) : 0) }
    return prefix
  }

  private static func precedes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let left = a.baseAddress, let right = b.baseAddress else { return a.count < b.count }
    let order = memcmp(left, right, min(a.count, b.count))
    return order != 0 ? order < 0 : a.count < b.count
  }
}
