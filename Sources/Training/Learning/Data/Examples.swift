/// Rows to learn from or to be judged on: a feature matrix and one class number a row.
///
/// Not Sendable: it belongs to the session that loaded it.
package struct Examples {
  /// How the features are held.
  package enum Features {
    /// Ready to use, row-major [count×width].
    case floats(FloatBuffer)
    /// Pixels as in the file, row-major [count×width]; a feature is byte · scale. A quarter of the memory of floats,
    /// and the conversion rides on the copy into the batch that has to be made anyway.
    case bytes(ByteBuffer, scale: Float)
  }

  package let features: Features
  /// Class numbers, each below the number of classes.
  package let labels: [Int32]
  /// Features of one row.
  package let width: Int

  /// Number of rows.
  package var count: Int { labels.count }

  package init(features: Features, labels: [Int32], width: Int) {
    self.features = features
    self.labels = labels
    self.width = width
  }

  /// Copies the rows `rows[0..<count]` into `target` [count×width] and their labels into `targetLabels` [count].
  package func gather(
    _ rows: UnsafePointer<Int32>, count: Int, into target: UnsafeMutablePointer<Float>,
    labels targetLabels: UnsafeMutablePointer<Int32>
  ) {
    labels.withUnsafeBufferPointer { labels in
      var index = 0
      while index < count {
        let row = Int(rows[index])
        targetLabels[index] = labels[row]
        copyRows(from: row, count: 1, into: target + index &* width)
        index &+= 1
      }
    }
  }

  /// Copies `count` rows from row `first` on into `target` [count×width].
  package func copyRows(from first: Int, count: Int, into target: UnsafeMutablePointer<Float>) {
    switch features {
    case .floats(let buffer):
      target.update(from: buffer.base + first &* width, count: count &* width)
    case .bytes(let buffer, let scale):
      Kernels.scaleBytes(target, buffer.base + first &* width, count: count &* width, scale: scale)
    }
  }

  /// The rows `rows`, copied, in that order.
  package func selecting(_ rows: [Int32]) -> Examples {
    let selected = rows.map { labels[Int($0)] }
    switch features {
    case .floats(let buffer):
      let copy = FloatBuffer(count: rows.count * width)
      for (index, row) in rows.enumerated() {
        (copy.base + index * width).update(from: buffer.base + Int(row) * width, count: width)
      }
      return Examples(features: .floats(copy), labels: selected, width: width)
    case .bytes(let buffer, let scale):
      let copy = ByteBuffer(count: rows.count * width)
      for (index, row) in rows.enumerated() {
        (copy.base + index * width).update(from: buffer.base + Int(row) * width, count: width)
      }
      return Examples(features: .bytes(copy, scale: scale), labels: selected, width: width)
    }
  }
}
