/// Decision values of blocks of rows: one matrix product with the support vectors of all pairs, the kernel function, one
/// more product with the coefficients. The memory is of fixed size; one a thread.
final class DecisionValues {
  private let machine: SupportVectorMachine
  private let packed: PackedVectors
  private let blas: Blas
  private let row: FloatBuffer
  /// [blockRows × packed width]
  private let inputs: FloatBuffer
  private let norms: [Float]
  private var inputNorms: [Float]
  /// [blockRows × tileVectors]
  private let products: FloatBuffer
  /// For each class [blockRows × (classes − 1)]: the sums over its vectors against every other class.
  private let sums: FloatBuffer

  /// Rows of one call at most.
  let blockRows: Int

  private static let tileVectors = 512

  init(_ machine: SupportVectorMachine, _ packed: PackedVectors, blas: Blas) {
    self.machine = machine
    self.packed = packed
    self.blas = blas
    norms = packed.norms
    blockRows = Self.blockRows(classes: machine.classCount)
    row = FloatBuffer(count: machine.width)
    inputs = FloatBuffer(count: blockRows * packed.columns.kept.count)
    inputNorms = [Float](repeating: 0, count: blockRows)
    products = FloatBuffer(count: blockRows * min(Self.tileVectors, max(1, machine.vectorCount)))
    sums = FloatBuffer(count: machine.classCount * blockRows * (machine.classCount - 1))
  }

  /// Rows of a block: enough for a good matrix product, fewer where there are so many classes that the sums of a row grow
  /// large.
  static func blockRows(classes: Int) -> Int { max(1, min(256, (1 << 22) / (classes * classes))) }

  /// Writes the decision values of at most `blockRows` rows, [count × pairs].
  func evaluate(_ examples: Examples, from first: Int, count: Int, into decisions: UnsafeMutablePointer<Float>) {
    let width = packed.columns.kept.count
    for index in 0..<count {
      examples.copyRows(from: first + index, count: 1, into: row.base)
      // Of the whole row: columns that no support vector uses still lie between it and them.
      inputNorms[index] = squaredLength(row.base, count: machine.width)
      packed.columns.copy(row.base, to: inputs.base + index * width)
    }
    var start = 0
    for label in 0..<machine.classCount {
      addClass(label, vectors: start..<(start + machine.vectorsPerClass[label]), rows: count)
      start += machine.vectorsPerClass[label]
    }
    combine(rows: count, into: decisions)
  }

  private func addClass(_ label: Int, vectors: Range<Int>, rows: Int) {
    let others = machine.classCount - 1
    let target = sums.base + label * blockRows * others
    target.update(repeating: 0, count: rows * others)
    for start in stride(from: vectors.lowerBound, to: vectors.upperBound, by: Self.tileVectors) {
      let size = min(Self.tileVectors, vectors.upperBound - start)
      let width = packed.columns.kept.count
      blas.multiply(
        inputs.base, packed.values.base + start * width, transposeB: true, into: products.base, m: rows, n: size,
        k: width)
      norms.withUnsafeBufferPointer { norms in
        guard let norms = norms.baseAddress else { return }
        for index in 0..<rows {
          machine.kernel.apply(
            products.base + index * size, norms: norms + start, norm: inputNorms[index], count: size)
        }
      }
      blas.multiply(
        products.base, packed.coefficients.base + start * others, into: target, m: rows, n: others, k: size, beta: 1)
    }
  }

  private func combine(rows: Int, into decisions: UnsafeMutablePointer<Float>) {
    let classes = machine.classCount
    let others = classes - 1
    let pairs = machine.rho.count
    for index in 0..<rows {
      var pair = 0
      for first in 0..<classes {
        for second in (first + 1)..<max(classes, first + 1) {
          let positive = sums.base[(first * blockRows + index) * others + second - 1]
          let negative = sums.base[(second * blockRows + index) * others + first]
          decisions[index * pairs + pair] = positive + negative - machine.rho[pair]
          pair += 1
        }
      }
    }
  }
}

/// Support vectors without the columns that are 0 in all of them. Read by several threads at once, written by none.
final class PackedVectors {
  let columns: PackedColumns
  /// [vectors × kept columns]
  let values: FloatBuffer
  /// Transposed: [vectors × (classes − 1)].
  let coefficients: FloatBuffer
  let norms: [Float]

  init(_ machine: SupportVectorMachine) {
    let width = machine.width
    let count = machine.vectorCount
    let others = machine.classCount - 1
    var used = [Bool](repeating: false, count: width)
    let coefficients = FloatBuffer(count: count * others)
    (columns, values, norms) = machine.vectors.withUnsafeBufferPointer { vectors in
      for index in vectors.indices where vectors[index] != 0 { used[index % width] = true }
      let columns = PackedColumns(used: used)
      let values = FloatBuffer(count: count * columns.kept.count)
      var norms = [Float](repeating: 0, count: count)
      if let base = vectors.baseAddress {
        for index in 0..<count {
          columns.copy(base + index * width, to: values.base + index * columns.kept.count)
          norms[index] = squaredLength(base + index * width, count: width)
        }
      }
      return (columns, values, norms)
    }
    for other in 0..<others {
      for index in 0..<count {
        coefficients.base[index * others + other] = machine.coefficients[other * count + index]
      }
    }
    self.coefficients = coefficients
  }
}
