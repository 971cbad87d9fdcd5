import CTrees
import Testing

@testable import Learning

@Suite struct BinningTests {
  @Test func fewValuesHaveABinEach() {
    for seed in 0..<10 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      let values = (0..<256).map { _ in random.uniform(-5, 5) }
      let column = (0..<2000).map { _ in values[random.below(256)] }
      let cuts = BinCuts(column, count: column.count, stride: 1)
      let sorted = Set(column).sorted()
      #expect(cuts.count == sorted.count, "seed \(seed)")
      for (bin, value) in sorted.enumerated() { #expect(Int(cuts.bin(value)) == bin, "seed \(seed)") }
    }
  }

  @Test func manyValuesAreCutIntoEvenBins() {
    var random = SeededRandom(seed: 1)
    // Half of the column is one value.
    let column = (0..<20_000).map { $0 % 2 == 0 ? Float(0) : random.uniform(-1, 1) }
    let cuts = BinCuts(column, count: column.count, stride: 1)
    #expect(cuts.count == 256)
    var rows = [Int](repeating: 0, count: 256)
    for value in column { rows[Int(cuts.bin(value))] += 1 }
    let heavy = Int(cuts.bin(0))
    for bin in 0..<256 where bin != heavy { #expect((20...70).contains(rows[bin]), "bin \(bin) has \(rows[bin])") }
  }

  @Test func thresholdsPartTheValuesOfTheirBins() {
    let examples = TreeFixtures.asFloats(TreeFixtures.examples(500, width: 3, levels: 90, seed: 7))
    let features = BinnedFeatures(examples, pool: .shared)
    let row = FloatBuffer(count: 3)
    for feature in 0..<3 {
      let bins = Set((0..<500).map { features.byRow.base[$0 * 3 + feature] }).sorted()
      for (bin, next) in zip(bins, bins.dropFirst()) {
        let threshold = features.threshold(feature: feature, between: Int(bin), and: Int(next))
        for index in 0..<500 {
          examples.copyRows(from: index, count: 1, into: row.base)
          let below = features.byRow.base[index * 3 + feature] <= bin
          #expect((row.base[feature] <= threshold) == below)
          #expect(features.byColumn.base[feature * 500 + index] == features.byRow.base[index * 3 + feature])
          #expect((features.value(row: index, feature: feature) <= threshold) == below)
        }
      }
    }
  }

  @Test func neighboursWithoutAMiddleAreParted() {
    let values: [Float] = [1, Float(1).nextUp]
    let examples = Examples(features: .floats(FloatBuffer(values)), labels: [0, 1], width: 1)
    #expect(BinnedFeatures(examples, pool: .shared).threshold(feature: 0, between: 0, and: 1) == 1)
  }

  @Test(arguments: [(1, 1), (5, 3), (64, 16), (70, 17), (130, 50)]) func excerptsHoldTheirRows(rows: Int, width: Int) {
    let examples = TreeFixtures.examples(rows, width: width, levels: 256, seed: UInt64(rows))
    let context = GrowingContext(examples, classes: 3, settings: TreeSettings(candidates: width), pool: .shared)
    let bag = Bag(capacity: rows)
    bag.draw(examples.labels, seed: 3)
    let before = (0..<bag.count).map { bag.row($0) }
    let first = bag.count / 3
    let excerpt = Excerpt(context.features)
    let none = [UInt64](repeating: 0, count: (width + 63) / 64)
    let node = OpenNode(first: first, count: bag.count - first, depth: 0, seed: 0, place: -1)
    excerpt.take(node, of: bag, constants: none)
    let matrix = excerpt.matrix
    for place in first..<bag.count {
      for feature in 0..<width {
        let copied = matrix.bins[feature * matrix.stride + bag.row(place)]
        #expect(copied == context.features.byRow.base[before[place] * width + feature])
      }
    }
    excerpt.close(bag)
    #expect((0..<bag.count).map { bag.row($0) } == before)
  }
}
