import CKernels

/// Where the rows of a matrix lie in memory, see `ck_rows`.
typealias RowPattern = ck_rows

extension ck_rows {
  /// Rows at a fixed distance.
  init(_ base: UnsafePointer<Float>, stride: Int) {
    self.init(base: base, inner: .max, inner_stride: stride, middle: 1, middle_stride: 0, outer_stride: 0)
  }
}
