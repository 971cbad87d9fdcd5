import Learning

/// What OpenBLAS reaches on this machine at most: square products too large for the caches, the fastest of many.
enum ProductJob {
  private static let side = 2048

  static func run() throws(LearningError) -> Outcome {
    let blas = try Blas.load()
    let count = side * side
    let a = FloatBuffer((0..<count).map { Float($0 % 17) / 17 })
    let b = FloatBuffer((0..<count).map { Float($0 % 13) / 13 })
    let c = FloatBuffer(count: count)
    var best = Double.infinity
    // The first one wakes the threads.
    for _ in 0..<8 {
      let (seconds, _) = try timed { () throws(LearningError) in
        blas.multiply(a.base, b.base, into: c.base, m: side, n: side, k: side)
      }
      best = min(best, seconds)
    }
    let operations = 2 * Double(side) * Double(side) * Double(side)
    return Outcome(
      seconds: best, metrics: ["gflops": operations / best / 1e9],
      engine: "OpenBLAS \(blas.coreName), \(blas.threads) threads")
  }
}
