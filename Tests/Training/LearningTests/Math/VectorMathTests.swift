import CVectorMath
import Foundation
import Testing

@testable import Learning

/// Every instruction set that this CPU has, against plain loops in double.
@Suite struct VectorMathTests {
  static let levels = (0...2).filter { cvectormath_set(Int32($0)) != nil }

  private func functions(_ level: Int) throws -> cvectormath_functions {
    try #require(cvectormath_set(Int32(level))).pointee
  }

  @Test func theWidestSetIsTaken() {
    #expect(Int(cvectormath_level()) == Self.levels.max())
    #expect(cvectormath_set(3) == nil && cvectormath_set(-1) == nil)
  }

  @Test(arguments: levels) func exponentialsAreExact(level: Int) throws {
    let set = try functions(level)
    let inputs = (0..<1003).map { -90 + Float($0) * 0.178 } + [0, -0.0, 1e-20, 88, -87]
    var values = inputs
    set.exp(&values, values.count)
    for (input, value) in zip(inputs, values) {
      let exact = exp(Double(min(88, max(-87, input))))
      #expect(abs(Double(value) - exact) <= 2.5e-7 * exact)
    }
    var unknown: [Float] = [.nan]
    set.exp(&unknown, 1)
    #expect(unknown[0].isNaN)
  }

  @Test(arguments: levels) func kernelsFollowTheirFormulas(level: Int) throws {
    let set = try functions(level)
    for count in [0, 1, 15, 16, 17, 100] {
      let dots = Fixtures.uniform(count, seed: 1)
      let norms = Fixtures.uniform(count, seed: 2).map { $0 + 2 }
      func check(_ apply: (UnsafeMutablePointer<Float>) -> Void, _ formula: (Double, Double) -> Double) {
        var values = dots + [7]
        apply(&values)
        #expect(values[count] == 7)
        for index in 0..<count {
          #expect(abs(Double(values[index]) - formula(Double(dots[index]), Double(norms[index]))) < 2e-6)
        }
      }
      check({ set.rbf($0, norms, 1.5, 0.7, count) }, { exp(-0.7 * max(0, 1.5 + $1 - 2 * $0)) })
      check({ set.polynomial($0, 0.5, 1, 3, count) }, { dot, _ in pow(0.5 * dot + 1, 3) })
      check({ set.polynomial($0, 0.5, 1, 0, count) }, { _, _ in 1 })
      check({ set.sigmoid($0, 0.9, -0.2, count) }, { dot, _ in tanh(0.9 * dot - 0.2) })
    }
  }

  @Test(arguments: levels) func rowsAreAddedUp(level: Int) throws {
    let set = try functions(level)
    for (count, length) in [(0, 5), (1, 8), (3, 7), (4, 16), (9, 21)] {
      let rows = (0..<count).map { FloatBuffer(Fixtures.uniform(length, seed: UInt64($0))) }
      let factors = Fixtures.uniform(count, seed: 50).map { Double($0) }
      var sums = (0..<length).map { Double($0) }
      let pointers: [UnsafePointer<Float>?] = rows.map { UnsafePointer($0.base) }
      set.add_rows(&sums, pointers, factors, count, length)
      for index in 0..<length {
        let exact = (0..<count).reduce(Double(index)) { $0 + factors[$1] * Double(rows[$1].base[index]) }
        #expect(abs(sums[index] - exact) < 1e-12)
      }
    }
  }

  @Test(arguments: levels) func longVectorsAreAddedUp(level: Int) throws {
    let set = try functions(level)
    for count in [0, 1, 8, 15, 16, 33, 100] {
      let a = Fixtures.uniform(count, seed: 1).map { Double($0) }
      let b = Fixtures.uniform(count, seed: 2).map { Double($0) }
      #expect(abs(set.dot(a, b, count) - zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-13)
      var sums = a
      set.add(&sums, b, 0.5, count)
      for index in 0..<count { #expect(abs(sums[index] - a[index] - 0.5 * b[index]) < 1e-15) }
    }
  }

  @Test(arguments: levels) func softmaxLossFollowsItsDefinition(level: Int) throws {
    let set = try functions(level)
    for classes in [2, 10, 16, 20] {
      let lanes = (classes + 15) / 16 * 16
      let labels: [Int32] = [0, Int32(classes - 1), 1]
      let logits = Fixtures.uniform(3 * lanes, seed: 6).map { $0 * 20 }
      var values = logits
      var correct = 5
      let loss = set.softmax_loss(&values, labels, 3, classes, lanes, &correct)
      var expected = 0.0
      var hits = 5
      for row in 0..<3 {
        let own = logits[(row * lanes)..<(row * lanes + classes)].map { Double($0) }
        let sum = own.reduce(0) { $0 + exp($1) }
        expected += log(sum) - own[Int(labels[row])]
        if own.firstIndex(of: own.max() ?? 0) == Int(labels[row]) { hits += 1 }
        for lane in 0..<lanes {
          let probability = lane < classes ? exp(own[lane]) / sum : 0
          let residual = probability - (lane == Int(labels[row]) ? 1 : 0)
          #expect(abs(Double(values[row * lanes + lane]) - residual) < 1e-6)
        }
      }
      #expect(abs(loss - expected) < 1e-5)
      #expect(correct == hits)
    }
  }
}
