import CKernels
import Foundation
import Testing

@testable import Learning

/// Every variant of the kernels that this CPU can run, against plain loops in double precision.
@Suite struct KernelTests {
  struct Variant: CustomTestStringConvertible, Sendable {
    let index: Int32
    var functions: ck_variant? { ck_usable_variant(index)?.pointee }
    var testDescription: String { functions.map { String(cString: $0.name) } ?? "none" }
  }

  static let variants = (0..<4).map { Variant(index: $0) }.filter { $0.functions != nil }

  @Test func everyCPUHasTheBaseline() {
    #expect(Self.variants.last?.testDescription == "baseline")
  }

  /// Random shapes; windows slide over images whose lines are longer than what is read.
  @Test(arguments: variants, 0..<40) func products(variant: Variant, seed: UInt64) throws {
    let kernels = try #require(variant.functions)
    let p = ProductCase(seed: seed)
    let relu = seed % 3 == 0
    let accumulate = seed % 4 == 1
    let bias = Fixtures.uniform(p.n, seed: seed + 1000)
    let start = Fixtures.uniform(p.m * p.n, seed: seed + 2000)
    let c = FloatBuffer(start)
    var rows = p.rows
    kernels.product(
      &rows, p.segments, p.segmentStride, p.k, p.right.base, p.n, bias, Int32(relu ? CK_RELU : CK_LINEAR),
      accumulate ? 1 : 0, c.base, p.n, p.m, p.n)
    for row in 0..<p.m {
      for column in 0..<p.n {
        var sum = Double(accumulate ? start[row * p.n + column] : bias[column])
        for k in 0..<p.depth { sum += p.left(row, k) * Double(p.right.base[k * p.n + column]) }
        let expected = relu ? max(sum, 0) : sum
        #expect(abs(Double(c.base[row * p.n + column]) - expected) < 1e-4, "seed \(seed)")
      }
    }
  }

  @Test(arguments: variants, 0..<40) func outerProducts(variant: Variant, seed: UInt64) throws {
    let kernels = try #require(variant.functions)
    let p = ProductCase(seed: seed)
    let accumulate = seed % 2 == 0
    let start = Fixtures.uniform(p.depth * p.n, seed: seed + 2000)
    let deltas = FloatBuffer(Fixtures.uniform(p.m * p.n, seed: seed + 3000))
    let c = FloatBuffer(start)
    var rows = p.rows
    var right = ck_rows(
      base: deltas.base, inner: rows.inner, inner_stride: p.n, middle: rows.middle, middle_stride: rows.inner * p.n,
      outer_stride: rows.inner * rows.middle * p.n)
    kernels.outer(
      &rows, p.segments, p.segmentStride, p.k, &right, accumulate ? 1 : 0, c.base, p.n, p.m, p.n)
    for k in 0..<p.depth {
      for column in 0..<p.n {
        var sum = accumulate ? Double(start[k * p.n + column]) : 0
        for row in 0..<p.m { sum += p.left(row, k) * Double(deltas.base[row * p.n + column]) }
        #expect(abs(Double(c.base[k * p.n + column]) - sum) < 1e-3, "seed \(seed)")
      }
    }
  }

  @Test(arguments: variants) func exponentialsAreAccurate(variant: Variant) throws {
    let kernels = try #require(variant.functions)
    let points = (0..<2003).map { Float($0 - 1001) * 0.087 }
    var sigmoid = points
    var tanh = points
    kernels.activate(Int32(CK_SIGMOID), &sigmoid, points, points.count)
    kernels.activate(Int32(CK_TANH), &tanh, points, points.count)
    for (index, x) in points.enumerated() {
      #expect(abs(Double(sigmoid[index]) - 1 / (1 + exp(-Double(x)))) < 2e-7)
      #expect(abs(Double(tanh[index]) - Foundation.tanh(Double(x))) < 3e-7)
    }
    var logits = points.map { max(-40, min(0, $0)) }
    let sum = logits.reduce(0) { $0 + exp(Double($1)) }
    let expected = logits.map { exp(Double($0)) / sum }
    kernels.softmax(&logits, 1, logits.count)
    for (value, right) in zip(logits, expected) { #expect(abs(Double(value) / right - 1) < 1e-5) }
  }

  /// A number's result must not depend on its place in a vector: predictions would change with the batch.
  @Test(arguments: variants, [CK_RELU, CK_TANH, CK_SIGMOID]) func tailsAreComputedAsTheRest(variant: Variant, code: Int)
    throws
  {
    let kernels = try #require(variant.functions)
    let points = Fixtures.uniform(67, seed: 4).map { $0 * 9 }
    var whole = points
    kernels.activate(Int32(code), &whole, points, points.count)
    for first in 0..<points.count {
      var one: Float = 0
      kernels.activate(Int32(code), &one, [points[first]], 1)
      #expect(one == whole[first])
    }
  }

  @Test(arguments: variants) func transpositionAndSums(variant: Variant) throws {
    let kernels = try #require(variant.functions)
    let (rows, columns) = (21, 19)
    let matrix = Fixtures.uniform(rows * columns, seed: 5)
    var turned = [Float](repeating: 0, count: rows * columns)
    kernels.transpose(&turned, rows, matrix, rows, columns)
    var sums = [Float](repeating: 7, count: columns)
    kernels.column_sums(&sums, matrix, rows, columns, 0)
    for column in 0..<columns {
      let values = (0..<rows).map { matrix[$0 * columns + column] }
      #expect(Array(turned[(column * rows)..<((column + 1) * rows)]) == values)
      #expect(abs(sums[column] - values.reduce(0, +)) < 1e-5)
    }
    let bytes = (0..<256).map { UInt8($0) } + [9]
    var floats = [Float](repeating: 0, count: bytes.count)
    kernels.scale_bytes(&floats, bytes, bytes.count, 0.5)
    #expect(floats == bytes.map { Float($0) * 0.5 })
  }
}

/// A matrix of windows over images, and one to multiply it with.
struct ProductCase {
  let inner: Int, middle: Int, images: Int
  let segments: Int, k: Int
  let n: Int
  let segmentStride: Int
  let right: FloatBuffer
  private let memory: FloatBuffer
  private let channels: Int
  private let line: Int

  var m: Int { inner * middle * images }
  var depth: Int { segments * k }

  init(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    channels = 1 + random.below(5)
    inner = 1 + random.below(14)
    middle = 1 + random.below(6)
    images = 1 + random.below(3)
    segments = 1 + random.below(3)
    // Now and then deeper than one pass goes.
    k = channels * (1 + random.below(seed % 8 == 0 ? 200 : 9))
    n = 1 + random.below(90)
    line = inner * channels + k
    segmentStride = line
    memory = FloatBuffer(Fixtures.uniform(images * (middle + segments) * line, seed: seed + 1))
    right = FloatBuffer(Fixtures.uniform(segments * k * n, seed: seed + 2))
  }

  var rows: ck_rows {
    ck_rows(
      base: memory.base, inner: inner, inner_stride: channels, middle: middle, middle_stride: line,
      outer_stride: (middle + segments) * line)
  }

  func left(_ row: Int, _ column: Int) -> Double {
    let (pixel, y, image) = (row % inner, row / inner % middle, row / inner / middle)
    let place = (image * (middle + segments) + y + column / k) * line + pixel * channels + column % k
    return Double(memory.base[place])
  }
}
