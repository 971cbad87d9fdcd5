#if canImport(Glibc)
  import Glibc
#endif

/// Numbers the different byte strings of a column in order of first appearance and counts them: a hash table over raw
/// bytes, so a column of a million cells and ten values makes no String at all. New values are copied.
///
/// The hash (multiply and fold, eight bytes at a time) is keyed anew in each process: a file cannot be made so that all
/// its values collide. The numbers do not depend on it.
final class CategoryInterner {
  struct Entry {
    /// The value; the interner's copy, with eight more readable bytes after it.
    let bytes: UnsafeBufferPointer<UInt8>
    fileprivate let hash: UInt64
    /// How often it was seen.
    var count: Int
  }

  private var table: UnsafeMutablePointer<Entry>
  private var capacity = 32
  /// Number of different values.
  private(set) var count = 0
  private var slots: UnsafeMutablePointer<Int32>
  private var mask = 63
  private var arena: [ByteBuffer] = []
  private var arenaUsed = 0

  private static let key = UInt64.random(in: .min ... .max)
  private static let arenaBytes = 1 << 16

  init() {
    table = .allocate(capacity: capacity)
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: -1, count: mask + 1)
  }

  deinit {
    table.deallocate()
    slots.deallocate()
  }

  /// The values, by number.
  var entries: UnsafeBufferPointer<Entry> { UnsafeBufferPointer(start: table, count: count) }

  /// Writes the numbers of the first `count` of `cells` to `target`.
  func number(_ cells: CellIndex.Cells, count: Int, into target: UnsafeMutablePointer<Int32>) {
    let key = Self.key
    // Held here because each use of a stored property of a class costs a check.
    var (table, slots, mask) = (table, slots, mask)
    var record = 0
    while record < count {
      let cell = cells[record]
      if cell.isQuoted, cell.hasDoubledQuotes {
        target[record] = number(of: CSVText.undoubled(cell.bytes))
        (table, slots, mask) = (self.table, self.slots, self.mask)
      } else {
        let hash = Self.hash(cell.bytes, key)
        let slot = Self.find(cell.bytes, hash, table, slots, mask)
        if slots[slot] >= 0 {
          let code = slots[slot]
          table[Int(code)].count &+= 1
          target[record] = code
        } else {
          target[record] = insert(cell.bytes, hash, slot, count: 1)
          (table, slots, mask) = (self.table, self.slots, self.mask)
        }
      }
      record &+= 1
    }
  }

  /// The number of `bytes`, new or known, seen once more.
  @discardableResult
  func number(of bytes: [UInt8]) -> Int32 {
    let padded = ByteBuffer(bytes)
    return withExtendedLifetime(padded) { number(of: padded.bytes, count: 1) }
  }

  /// The number of `bytes` if they are known. Eight more bytes than those must be readable.
  func known(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
    let code = slots[Self.find(bytes, Self.hash(bytes, Self.key), table, slots, mask)]
    return code < 0 ? nil : code
  }

  /// Takes over what `other` has seen; afterwards its number `n` is `result[n]` here.
  func merge(_ other: CategoryInterner) -> [Int32] { other.entries.map { number(of: $0.bytes, count: $0.count) } }

  private func number(of bytes: UnsafeBufferPointer<UInt8>, count: Int) -> Int32 {
    let hash = Self.hash(bytes, Self.key)
    let slot = Self.find(bytes, hash, table, slots, mask)
    guard slots[slot] >= 0 else { return insert(bytes, hash, slot, count: count) }
    table[Int(slots[slot])].count += count
    return slots[slot]
  }

  @inline(never)
  private func insert(_ bytes: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ slot: Int, count seen: Int) -> Int32 {
    if count == capacity {
      let grown = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * capacity)
      grown.moveInitialize(from: table, count: count)
      table.deallocate()
      table = grown
      capacity *= 2
    }
    let code = Int32(truncatingIfNeeded: count)
    slots[slot] = code
    (table + count).initialize(to: Entry(bytes: kept(bytes), hash: hash, count: seen))
    count += 1
    if count * 2 > mask { rehash() }
    return code
  }

  private func kept(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    if arena.last.map({ arenaUsed + bytes.count > $0.count }) ?? true {
      arena.append(ByteBuffer(count: max(Self.arenaBytes, bytes.count)))
      arenaUsed = 0
    }
    guard let block = arena.last, let source = bytes.baseAddress else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    let copy = block.base + arenaUsed
    copy.update(from: source, count: bytes.count)
    arenaUsed += bytes.count
    return UnsafeBufferPointer(start: copy, count: bytes.count)
  }

  private func rehash() {
    slots.deallocate()
    mask = mask * 2 + 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: -1, count: mask + 1)
    for code in 0..<count {
      var slot = Int(truncatingIfNeeded: table[code].hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(truncatingIfNeeded: code)
    }
  }

  /// The slot that holds `bytes`, or the free one where they belong.
  @inline(__always)
  private static func find(
    _ bytes: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ table: UnsafeMutablePointer<Entry>,
    _ slots: UnsafeMutablePointer<Int32>, _ mask: Int
  ) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let candidate = table + Int(slots[slot])
      if candidate.pointee.hash == hash, equal(candidate.pointee.bytes, bytes) { break }
      slot = (slot &+ 1) & mask
    }
    return slot
  }

  @inline(__always)
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ key: UInt64) -> UInt64 {
    var hash = key ^ UInt64(truncatingIfNeeded: bytes.count)
    if let base = bytes.baseAddress {
      let raw = UnsafeRawPointer(base)
      var index = 0
      while index &+ 8 <= bytes.count {
        hash = folded(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        index &+= 8
      }
      if index < bytes.count { hash = folded(hash ^ tail(raw, index, bytes.count)) }
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
    let (x, y) = (UnsafeRawPointer(left), UnsafeRawPointer(right))
    var index = 0
    while index &+ 8 <= a.count {
      if x.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        != y.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      {
        return false
      }
      index &+= 8
    }
    return index == a.count || tail(x, index, a.count) == tail(y, index, a.count)
  }

  /// The one to seven bytes from `index` to `count`, with zeros after them.
  @inline(__always)
  private static func tail(_ raw: UnsafeRawPointer, _ index: Int, _ count: Int) -> UInt64 {
    raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      & (UInt64.max >> UInt64(truncatingIfNeeded: 64 &- 8 &* (count &- index)))
  }
}
