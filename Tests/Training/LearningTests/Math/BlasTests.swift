import Foundation
import Testing

@testable import Learning

@Suite struct BlasTests {
  @Test func theKernelSetFitsTheCPU() throws {
    let blas = try Blas.load()
    let chosen = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"]
    if Blas.cpuHasAVX512 { #expect(chosen != nil) }
    if chosen == "SkylakeX" { #expect(blas.coreName == "SkylakeX") }
    #expect(!blas.coreName.isEmpty)
    #expect(blas.configuration.contains("OpenBLAS"))
    #expect(blas.threads >= 1)
  }

  @Test func regionsComputeOnTheCallersThread() throws {
    let blas = try Blas.load()
    blas.alone {
      #expect(blas.threads == 1)
      blas.alone { #expect(blas.threads == 1) }
      #expect(blas.threads == 1)
    }
  }

  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func productsEqualThreeLoops(transposeA: Bool, transposeB: Bool) throws {
    let (m, n, k) = (5, 7, 3)
    let a = FloatBuffer(Fixtures.uniform(m * k, seed: 1))
    let b = FloatBuffer(Fixtures.uniform(k * n, seed: 2))
    let start = Fixtures.uniform(m * n, seed: 3)
    let c = FloatBuffer(start)
    try Blas.load().multiply(
      a.base, transposeA: transposeA, b.base, transposeB: transposeB, into: c.base, m: m, n: n, k: k, alpha: 2,
      beta: 0.5)
    for i in 0..<m {
      for j in 0..<n {
        var sum: Float = 0
        for l in 0..<k {
          sum +=
            (transposeA ? a.base[l * m + i] : a.base[i * k + l]) * (transposeB ? b.base[j * k + l] : b.base[l * n + j])
        }
        #expect(abs(c.base[i * n + j] - (2 * sum + 0.5 * start[i * n + j])) < 1e-5)
      }
    }
  }
}
