/// Rows of equal width, one for each node that waits to be grown; it grows and never shrinks. Memory is aligned to a
/// cache line.
struct Pile<Element: BitwiseCopyable>: ~Copyable {
  /// Elements of one row.
  let width: Int
  private var base: UnsafeMutableRawPointer
  private var rows: Int

  init(width: Int) {
    self.width = width
    rows = 64
    base = .allocate(byteCount: 64 * width * MemoryLayout<Element>.stride, alignment: 64)
  }

  deinit { base.deallocate() }

  /// The row `index`, which must have been reserved; its content is undefined at first.
  subscript(index: Int) -> UnsafeMutablePointer<Element> {
    (base + index &* width &* MemoryLayout<Element>.stride).assumingMemoryBound(to: Element.self)
  }

  /// Makes room for `count` rows; the rows there are stay as they are, but move.
  mutating func reserve(_ count: Int) {
    guard count > rows else { return }
    let rowSize = width * MemoryLayout<Element>.stride
    let larger = UnsafeMutableRawPointer.allocate(byteCount: 2 * count * rowSize, alignment: 64)
    larger.copyMemory(from: base, byteCount: rows * rowSize)
    base.deallocate()
    base = larger
    rows = 2 * count
  }
}
