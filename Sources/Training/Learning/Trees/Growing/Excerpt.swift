import CTrees

/// A copy of a small branch's rows, by feature.
///
/// A small node reads few rows all over the data set: in the whole matrix each is a cache miss. In the excerpt the rows
/// of the branch lie together, and a feature of theirs is a few cache lines.
final class Excerpt {
  private let features: BinnedFeatures
  private let bins: ByteBuffer
  /// The rows that the places of the excerpt stand for.
  private let rows: UnsafeMutablePointer<UInt32>
  private var first = 0
  private var count = 0

  /// Branches of more rows are read in the whole matrix.
  static let maximumRows = 4096

  init(_ features: BinnedFeatures) {
    self.features = features
    bins = ByteBuffer(count: Self.maximumRows * features.width)
    rows = .allocate(capacity: Self.maximumRows)
  }

  deinit { rows.deallocate() }

  /// Whether `node` is part of the branch.
  func covers(_ node: OpenNode) -> Bool { node.first >= first && node.first + node.count <= first + count }

  /// The bins that the packed rows of the bag now index: those of the branch, or the whole matrix while there is none.
  var matrix: ctrees_matrix {
    count > 0
      ? ctrees_matrix(bins: bins.base, stride: stride)
      : ctrees_matrix(bins: features.byColumn.base, stride: features.rows)
  }

  private var stride: Int { (count + 63) / 64 * 64 }

  /// Copies the rows of `node`, which must not be more than `maximumRows`, and makes the bag's entries places in the
  /// copy. Features with a bit in `constants` are left out.
  func take(_ node: OpenNode, of bag: Bag, constants: UnsafePointer<UInt64>) {
    first = node.first
    count = node.count
    let entries = bag.rows + first
    ctrees_gather(features.byRow.base, features.width, entries, count, constants, bins.base, stride)
    for place in 0..<count {
      rows[place] = UInt32(truncatingIfNeeded: entries[place])
      entries[place] = entries[place] & ~0xFFFF_FFFF | UInt64(place)
    }
  }

  /// Makes the bag's entries rows of the whole matrix again.
  func close(_ bag: Bag) {
    for entry in first..<(first + count) {
      bag.rows[entry] = bag.rows[entry] & ~0xFFFF_FFFF | UInt64(rows[Int(bag.rows[entry] & 0xFFFF_FFFF)])
    }
    count = 0
  }
}
