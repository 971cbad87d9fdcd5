/// A grid of characters to draw lines on.
///
/// With colours a character is eight dots of a Braille pattern (Unicode chapter 21.1), and its colour tells whose they are.
/// Without, it is one mark, and which one tells.
struct PlotCanvas {
  enum Kind {
    case dots
    case marks
  }

  /// Characters.
  let columns: Int
  let rows: Int
  private let kind: Kind
  /// Of each character, row by row: which dots are set, and who drew there last.
  private var dots: [UInt8]
  private var owners: [Int?]

  init(columns: Int, rows: Int, kind: Kind) {
    self.columns = columns
    self.rows = rows
    self.kind = kind
    dots = [UInt8](repeating: 0, count: columns * rows)
    owners = [Int?](repeating: nil, count: columns * rows)
  }

  /// Places that can be told apart.
  var width: Int { kind == .dots ? 2 * columns : columns }
  var height: Int { kind == .dots ? 4 * rows : rows }

  /// The bits of a Braille pattern, by column and row of the dot.
  private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// Sets the place at `x`, from the left, and `y`, from the top; what lies outside is nothing.
  mutating func set(_ x: Int, _ y: Int, owner: Int) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let cell = kind == .dots ? (y / 4) * columns + x / 2 : y * columns + x
    dots[cell] |= kind == .dots ? Self.bits[x % 2][y % 4] : 1
    owners[cell] = owner
  }

  /// Draws a line between two places, both ends in it.
  mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), owner: Int) {
    let steps = max(abs(end.x - start.x), abs(end.y - start.y))
    for step in 0...steps {
      let share = steps == 0 ? 0 : Double(step) / Double(steps)
      set(
        start.x + Int((Double(end.x - start.x) * share).rounded()),
        start.y + Int((Double(end.y - start.y) * share).rounded()), owner: owner)
    }
  }

  /// A row's characters, each with who drew it.
  /// - Parameter mark: the mark of an owner; only without dots.
  func row(_ row: Int, mark: (Int) -> Character) -> [(character: Character, owner: Int?)] {
    (row * columns..<(row + 1) * columns).map { cell in
      guard let owner = owners[cell] else { return (" ", nil) }
      guard kind == .dots else { return (mark(owner), owner) }
      return (Character(Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " "), owner)
    }
  }
}
