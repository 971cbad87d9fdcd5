import CVectorMath

/// Sizes of a logistic regression.
struct LogisticShape {
  let width: Int
  let classes: Int

  /// `classes` rounded up to whole vectors.
  var lanes: Int {
    let vector = Int(CVECTORMATH_LANES)
    return (classes + vector - 1) / vector * vector
  }
}

/// Loss and gradient over a part of the rows, block by block: logits, softmax, loss and gradient follow each other while a
/// block is in the cache. Owns its memory, so parts may be computed at once.
final class LogisticPart {
  /// Σ −log p(label) over the part's rows, after `evaluate`.
  private(set) var loss = 0.0
  /// Rows predicted right.
  private(set) var correct = 0

  private let rows: Range<Int>
  private let shape: LogisticShape
  private let logits: FloatBuffer
  private let scratch: FloatBuffer
  /// The gradient by weights of the rows since the last flush, [width × lanes].
  private let recent: FloatBuffer
  /// The gradient of the part: weights [width × classes], then biases.
  private let sums: UnsafeMutablePointer<Double>

  private static let blockRows = 64
  /// Rows whose gradients are added up in 32 bits.
  private static let flushRows = 1024

  init(rows: Range<Int>, of blocks: RowBlocks, shape: LogisticShape) {
    self.rows = rows
    self.shape = shape
    logits = FloatBuffer(count: Self.blockRows * shape.lanes)
    scratch = FloatBuffer(count: blocks.scratch(rows: Self.blockRows))
    recent = FloatBuffer(count: shape.width * shape.lanes)
    sums = .allocate(capacity: (shape.width + 1) * shape.classes)
    sums.initialize(repeating: 0, count: (shape.width + 1) * shape.classes)
  }

  deinit { sums.deallocate() }

  /// - Parameters:
  ///   - labels: of all rows.
  ///   - weights: [width × lanes].
  ///   - biases: [lanes].
  func evaluate(
    _ blocks: RowBlocks, labels: UnsafePointer<Int32>, weights: UnsafePointer<Float>, biases: UnsafePointer<Float>
  ) {
    loss = 0
    var hits = 0
    sums.update(repeating: 0, count: (shape.width + 1) * shape.classes)
    var first = rows.lowerBound
    var unflushed = 0
    while first < rows.upperBound {
      let size = min(Self.blockRows, rows.upperBound - first)
      blocks.withRows(from: first, count: size, scratch: scratch.base) { block in
        cvectormath_logits(block, weights, biases, shape.lanes, logits.base)
        loss += cvectormath_softmax_loss(logits.base, labels + first, size, shape.classes, shape.lanes, &hits)
        cvectormath_accumulate(block, logits.base, shape.lanes, recent.base)
      }
      addBiases(rows: size)
      first += size
      unflushed += size
      if unflushed >= Self.flushRows || first == rows.upperBound {
        flush()
        unflushed = 0
      }
    }
    correct = hits
  }

  /// Adds the part's gradient to `total`.
  func add(to total: UnsafeMutableBufferPointer<Double>) {
    var index = 0
    while index < total.count {
      total[index] += sums[index]
      index &+= 1
    }
  }

  private func addBiases(rows: Int) {
    let target = sums + shape.width * shape.classes
    for row in 0..<rows {
      let residuals = logits.base + row * shape.lanes
      for label in 0..<shape.classes { target[label] += Double(residuals[label]) }
    }
  }

  private func flush() {
    for column in 0..<shape.width {
      let source = recent.base + column * shape.lanes
      let target = sums + column * shape.classes
      for label in 0..<shape.classes { target[label] += Double(source[label]) }
    }
    recent.clear()
  }
}
