#if canImport(Glibc)
  import Glibc
#endif

/// Numbers the different byte strings of a column in order of first appearance and counts them: a hash table that looks
/// at the file's own bytes, so a column of a million cells and ten values makes no String at all.
///
/// The hash (multiply and fold, eight bytes at a time) is keyed anew in each process: a file cannot be made so that all
/// its values collide. The numbers do not depend on it.
final class CategoryInterner {
  struct Entry {
    /// The first cell seen with this value, or a copy that the interner owns.
    let bytes: UnsafeBufferPointer<UInt8>
    fileprivate let hash: UInt64
    /// How often it was seen.
    var count: Int
  }

  private(set) var entries: [Entry] = []
  private var slots: UnsafeMutablePointer<Int32>
  private var mask: Int
  private var owned: [ByteBuffer] = []
  private static let key = UInt64.random(in: .min ... .max) | 1

  init() {
    mask = 63
    slots = .allocate(capacity: 64)
    slots.initialize(repeating: -1, count: 64)
  }

  deinit { slots.deallocate() }

  /// The number of the cell's text. The bytes must live as long as the interner.
  @inline(__always)
  func code(_ cell: CSVCell) -> Int32 {
    guard cell.isQuoted, cell.hasDoubledQuotes else { return code(cell.bytes, count: 1) }
    return code(owning: CSVText.undoubled(cell.bytes))
  }

  /// The number of `bytes`, which are copied if they are new.
  func code(owning bytes: [UInt8]) -> Int32 {
    let copy = ByteBuffer(bytes)
    let known = entries.count
    let code = code(copy.bytes, count: 1)
    if entries.count > known { owned.append(copy) }
    return code
  }

  /// The number of `bytes`, new or known, seen `count` times. Eight more bytes than those must be readable, and all live
  /// as long as the interner.
  @inline(__always)
  func code(_ bytes: UnsafeBufferPointer<UInt8>, count: Int) -> Int32 {
    let hash = Self.hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let candidate = Int(slots[slot])
      if entries[candidate].hash == hash, Self.equal(entries[candidate].bytes, bytes) {
        entries[candidate].count &+= count
        return Int32(truncatingIfNeeded: candidate)
      }
      slot = (slot &+ 1) & mask
    }
    return insert(Entry(bytes: bytes, hash: hash, count: count), slot)
  }

  /// The number of `bytes` if they are known; `bytes` as in `code`.
  func known(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
    let hash = Self.hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let candidate = Int(slots[slot])
      if entries[candidate].hash == hash, Self.equal(entries[candidate].bytes, bytes) { return slots[slot] }
      slot = (slot &+ 1) & mask
    }
    return nil
  }

  /// Takes over what `other` has seen; afterwards its number `n` is `result[n]` here. The values it owns move along.
  func merge(_ other: CategoryInterner) -> [Int32] {
    owned += other.owned
    return other.entries.map { code($0.bytes, count: $0.count) }
  }

  @inline(never)
  private func insert(_ entry: Entry, _ slot: Int) -> Int32 {
    let code = Int32(truncatingIfNeeded: entries.count)
    slots[slot] = code
    entries.append(entry)
    if entries.count * 2 > mask { grow() }
    return code
  }

  private func grow() {
    slots.deallocate()
    mask = mask * 2 + 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: -1, count: mask + 1)
    for (code, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(truncatingIfNeeded: code)
    }
  }

  @inline(__always)
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    guard let base = bytes.baseAddress else { return 0 }
    let raw = UnsafeRawPointer(base)
    let count = bytes.count
    var hash = key ^ UInt64(truncatingIfNeeded: count)
    var index = 0
    while index &+ 8 <= count {
      hash = folded(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index &+= 8
    }
    let rest = count &- index
    if rest > 0 {
      let tail = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      hash = folded(hash ^ (tail & (UInt64.max >> UInt64(64 &- 8 &* rest))))
    }
    return hash ^ (hash >> 29)
  }

  @inline(__always)
  private static func folded(_ value: UInt64) -> UInt64 {
    let product = (value &+ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func equal(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    guard let left = a.baseAddress, let right = b.baseAddress else { return true }
    return memcmp(left, right, a.count) == 0
  }
}
