import CTrees
import Foundation
import Testing

@testable import Learning

/// The split that the kernels find against all splits tried one by one.
@Suite struct SplitSearchTests {
  struct Setting: CustomTestStringConvertible, Sendable {
    var classes: Int
    var criterion: TreeSettings.Criterion
    var minimumLeaf = 1
    /// Largest weight of a row: 32,768 and 65,536 in all take other paths.
    var weights = 3

    var testDescription: String { "\(classes) classes, \(criterion), leaf \(minimumLeaf), weight \(weights)" }
  }

  static let settings = [
    Setting(classes: 2, criterion: .gini), Setting(classes: 8, criterion: .gini, minimumLeaf: 7),
    Setting(classes: 10, criterion: .gini), Setting(classes: 10, criterion: .gini, minimumLeaf: 5),
    Setting(classes: 3, criterion: .gini, weights: 800), Setting(classes: 12, criterion: .gini, weights: 800),
    Setting(classes: 3, criterion: .gini, minimumLeaf: 4, weights: 800),
    Setting(classes: 3, criterion: .gini, weights: 5000), Setting(classes: 40, criterion: .gini),
    Setting(classes: 3, criterion: .entropy), Setting(classes: 20, criterion: .entropy, minimumLeaf: 3),
    Setting(classes: 4, criterion: .entropy, weights: 5000),
  ]

  @Test(arguments: settings) func noOtherCutIsBetter(setting: Setting) throws {
    for seed in 0..<6 as Range<UInt64> {
      var random = SeededRandom(seed: seed, stream: 5)
      let count = 2 + random.below(120)
      let examples = TreeFixtures.examples(
        count, width: 7, classes: setting.classes, levels: 1 + random.below(40), noise: 0.5, seed: seed)
      let weights = (0..<count).map { _ in 1 + random.below(setting.weights) }
      var settings = TreeSettings(candidates: 7)
      settings.criterion = setting.criterion
      settings.minimumLeaf = setting.minimumLeaf
      let context = GrowingContext(examples, classes: setting.classes, settings: settings, pool: .shared)
      let found = search(context, examples, weights, seed: seed)
      let reference = BruteForce(
        examples: examples, weights: weights, classes: setting.classes, criterion: setting.criterion,
        minimumLeaf: setting.minimumLeaf)
      let best = reference.bestGain
      guard let found else {
        #expect(best == nil, "seed \(seed): there is a cut and none was found")
        continue
      }
      let gain = try #require(reference.gain(feature: found.feature, bin: found.bin), "seed \(seed): no such cut")
      let tolerance = 1e-9 * Double(weights.reduce(0, +))
      #expect(abs(found.gain - gain) < tolerance, "seed \(seed): it says \(found.gain) of a cut that gains \(gain)")
      #expect(abs(gain - (best ?? 0)) < tolerance, "seed \(seed): the best cut gains \(best ?? 0), this one \(gain)")
    }
  }

  @Test func partsDoNotMatter() throws {
    let examples = TreeFixtures.examples(300, width: 21, levels: 30, noise: 0.6, seed: 3)
    let context = GrowingContext(examples, classes: 3, settings: TreeSettings(candidates: 21), pool: .shared)
    let weights = [Int](repeating: 1, count: 300)
    let one = try #require(search(context, examples, weights, seed: 1))
    for parts in [2, 5, 40] {
      let many = try #require(search(context, examples, weights, seed: 1, parts: parts))
      #expect(many.feature == one.feature && many.bin == one.bin && many.next == one.next && many.gain == one.gain)
    }
  }

  private func search(
    _ context: GrowingContext, _ examples: Examples, _ weights: [Int], seed: UInt64, parts: Int = 1
  ) -> Split? {
    let rows = weights.indices.map { row in
      UInt64(row) | UInt64(examples.labels[row]) << 32 | UInt64(weights[row]) << 48
    }
    let totals = UnsafeMutableRawPointer.allocate(byteCount: context.stride * 4, alignment: 64)
      .bindMemory(to: UInt32.self, capacity: context.stride)
    defer { totals.deallocate() }
    totals.update(repeating: 0, count: context.stride)
    for row in weights.indices { totals[Int(examples.labels[row])] += UInt32(weights[row]) }
    var constants = [UInt64](repeating: 0, count: (examples.width + 63) / 64)
    let matrix = ctrees_matrix(bins: context.features.byColumn.base, stride: context.features.rows)
    return rows.withUnsafeBufferPointer { rows in
      constants.withUnsafeMutableBufferPointer { constants in
        guard let rows = rows.baseAddress, let constants = constants.baseAddress else { return nil }
        return SplitSearch(context, parts: parts, pool: ThreadPool(threads: 2)).best(
          SearchedNode(
            rows: rows, count: weights.count, totals: totals, weight: weights.reduce(0, +), seed: seed,
            constants: constants), in: matrix)
      }
    }
  }
}

/// Every cut of every feature, its gain computed from its two sides.
private struct BruteForce {
  let examples: Examples
  let weights: [Int]
  let classes: Int
  let criterion: TreeSettings.Criterion
  let minimumLeaf: Int

  /// Fixtures have at most 40 bins.
  var bestGain: Double? {
    (0..<examples.width).flatMap { feature in (0..<40).compactMap { gain(feature: feature, bin: $0) } }.max()
  }

  /// nil where the cut leaves too few rows on a side.
  func gain(feature: Int, bin: Int) -> Double? {
    guard case .bytes(let pixels, _) = examples.features else { return nil }
    let left = weights.indices.filter { Int(pixels.base[$0 * examples.width + feature]) <= bin }
    let right = weights.indices.filter { Int(pixels.base[$0 * examples.width + feature]) > bin }
    guard min(left.count, right.count) >= minimumLeaf else { return nil }
    return impurity(Array(weights.indices)) - impurity(left) - impurity(right)
  }

  /// Impurity times weight.
  private func impurity(_ rows: [Int]) -> Double {
    var counts = [Double](repeating: 0, count: classes)
    for row in rows { counts[Int(examples.labels[row])] += Double(weights[row]) }
    let weight = counts.reduce(0, +)
    let shares = counts.filter { $0 > 0 }.map { $0 / weight }
    switch criterion {
    case .gini: return weight * shares.reduce(0) { $0 + $1 * (1 - $1) }
    case .entropy: return -weight * shares.reduce(0) { $0 + $1 * log2($1) }
    }
  }
}
