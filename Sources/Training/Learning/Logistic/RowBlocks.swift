import CVectorMath

/// Training rows in the form in which passes over them are fastest: sparse where most values are 0, in place where they
/// are floats already, else converted block by block into memory small enough to stay in the cache.
final class RowBlocks {
  private enum Form {
    case sparse(SparseRows)
    case floats(FloatBuffer)
    case converted
  }

  private let examples: Examples
  private let form: Form

  init(_ examples: Examples, pool: ThreadPool) {
    self.examples = examples
    if let sparse = SparseRows(examples, pool: pool) {
      form = .sparse(sparse)
    } else if case .floats(let buffer) = examples.features {
      form = .floats(buffer)
    } else {
      form = .converted
    }
  }

  /// Floats of scratch memory that blocks of `rows` rows need.
  func scratch(rows: Int) -> Int {
    if case .converted = form { return rows * examples.width }
    return 0
  }

  /// Calls `body` with the rows from `first` on.
  func withRows(
    from first: Int, count: Int, scratch: UnsafeMutablePointer<Float>,
    _ body: (UnsafePointer<cvectormath_rows>) -> Void
  ) {
    var rows = cvectormath_rows()
    rows.rows = count
    rows.width = examples.width
    switch form {
    case .sparse(let sparse):
      rows.values = UnsafePointer(sparse.values.baseAddress)
      rows.columns = UnsafePointer(sparse.columns.baseAddress)
      rows.starts = sparse.starts.baseAddress.map { UnsafePointer($0 + first) }
    case .floats(let buffer):
      rows.values = UnsafePointer(buffer.base + first * examples.width)
    case .converted:
      examples.copyRows(from: first, count: count, into: scratch)
      rows.values = UnsafePointer(scratch)
    }
    body(&rows)
  }
}
