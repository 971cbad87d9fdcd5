import CVectorMath

/// The small dense problem of a working set, and the memory it is solved in. The kernel matrix of the rows that stay from
/// one round to the next is kept.
final class DualBlock {
  let beta: UnsafeMutablePointer<Double>
  let slope: UnsafeMutablePointer<Double>
  let lower: UnsafeMutablePointer<Double>
  let upper: UnsafeMutablePointer<Double>

  private let memory: UnsafeMutablePointer<Double>
  private let diagonal: UnsafeMutablePointer<Double>
  private let scratch: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)
  private let kernel: FloatBuffer
  private let stride: Int
  private let capacity: Int
  private var working: [Int32] = []
  private var isWorking: [Bool]

  /// - Parameters:
  ///   - capacity: rows of the working set at most.
  ///   - count: rows of the pair.
  init(capacity: Int, count: Int) {
    self.capacity = capacity
    // Beyond a multiple of 8, so that the rows of the matrix do not all fall on the same lines of the cache.
    stride = (capacity + 7) / 8 * 8 + 16
    kernel = FloatBuffer(count: capacity * stride)
    let arrays = 8
    memory = .allocate(capacity: arrays * stride)
    memory.initialize(repeating: 0, count: arrays * stride)
    beta = memory
    slope = memory + stride
    lower = memory + 2 * stride
    upper = memory + 3 * stride
    diagonal = memory + 4 * stride
    scratch = (memory + 5 * stride, memory + 6 * stride, memory + 7 * stride)
    isWorking = [Bool](repeating: false, count: count)
  }

  deinit { memory.deallocate() }

  /// Forgets the working set.
  func reset() {
    for local in working { isWorking[Int(local)] = false }
    working.removeAll(keepingCapacity: true)
  }

  /// Takes over a working set: the rows that were there before, in their old order, then new ones. `rows` must have all
  /// of them ready.
  func load(_ wanted: [Int32], rows: KernelRows) {
    for local in working { isWorking[Int(local)] = false }
    for local in wanted { isWorking[Int(local)] = true }
    keep(working.indices.filter { isWorking[Int(working[$0])] })
    let old = working.count
    working = wanted
    for index in old..<wanted.count {
      let source = rows.row(Int(wanted[index]))
      let target = kernel.base + index * stride
      diagonal[index] = rows.diagonal(Int(wanted[index]))
      wanted.withUnsafeBufferPointer { wanted in
        var other = 0
        while other <= index {
          let value = source[Int(wanted[other])]
          target[other] = value
          kernel.base[other &* stride &+ index] = value
          other &+= 1
        }
      }
    }
  }

  /// Closes the gaps that the rows that left leave in the matrix.
  private func keep(_ kept: [Int]) {
    guard kept.count < working.count else { return }
    for (new, old) in kept.enumerated() {
      let source = kernel.base + old * stride
      let target = kernel.base + new * stride
      var column = 0
      for place in kept {
        target[column] = source[place]
        column += 1
      }
      diagonal[new] = diagonal[old]
    }
    working = kept.map { working[$0] }
  }

  /// Solves for `beta` between `lower` and `upper` from where they are; returns how many pairs were moved.
  func solve(tolerance: Double, most: Int) -> Int {
    var dual = cvectormath_dual(
      size: working.count, stride: stride, kernel: kernel.base, diagonal: diagonal, beta: beta, lower: lower,
      upper: upper, slope: slope, scratch: scratch)
    return cvectormath_smo(&dual, tolerance, most)
  }
}
