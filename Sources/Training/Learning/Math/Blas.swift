import COpenBLAS

/// OpenBLAS, loaded. A value of this type exists only after the library was opened, so its methods cannot fail.
///
/// Loading happens once per process. Where the environment names no kernel set and the CPU has AVX-512, SkylakeX is
/// chosen: OpenBLAS 0.3.21 by itself takes its slower Haswell kernels on recent AMD CPUs. The thread pool gets the size
/// of the process's CPU limit unless OPENBLAS_NUM_THREADS or OMP_NUM_THREADS says otherwise.
package struct Blas: Sendable {
  /// Opens the library, or returns what an earlier call opened.
  /// - Throws: `LearningError.linearAlgebraUnavailable`, naming the package to install.
  package static func load() throws(LearningError) -> Blas {
    guard copenblas_load(Int32(clamping: CPULimit.current())) == 0 else {
      throw .linearAlgebraUnavailable(detail: String(cString: copenblas_error()))
    }
    return Blas()
  }

  private init() {}

  /// Threads that OpenBLAS may use for one call. One pool serves the process: with several workers in one process, set
  /// it to each one's share of the CPUs.
  package func setThreads(_ count: Int) { copenblas_set_num_threads(Int32(clamping: max(1, count))) }

  /// The current number of threads.
  package var threads: Int { Int(copenblas_get_num_threads()) }

  /// Version and build options as OpenBLAS tells them.
  package var configuration: String { String(cString: copenblas_get_config()) }

  /// The kernel set in use, such as `SkylakeX` or `Haswell`.
  package var coreName: String { String(cString: copenblas_get_corename()) }

  /// Whether this CPU can run the AVX-512 kernels.
  package static var cpuHasAVX512: Bool { copenblas_has_avx512() != 0 }

  /// C[m×n] = alpha · op(A)[m×k] · op(B)[k×n] + beta · C, all row-major and densely packed.
  ///
  /// `a` is stored m×k, or k×m when `transposeA`; `b` is stored k×n, or n×k when `transposeB`.
  @inline(__always)
  package func multiply(
    _ a: UnsafePointer<Float>, transposeA: Bool = false, _ b: UnsafePointer<Float>, transposeB: Bool = false,
    into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int, alpha: Float = 1, beta: Float = 0
  ) {
    copenblas_sgemm(
      Int32(transposeA ? COPENBLAS_TRANSPOSE : COPENBLAS_NO_TRANSPOSE),
      Int32(transposeB ? COPENBLAS_TRANSPOSE : COPENBLAS_NO_TRANSPOSE),
      Int32(truncatingIfNeeded: m), Int32(truncatingIfNeeded: n), Int32(truncatingIfNeeded: k), alpha,
      a, Int32(truncatingIfNeeded: transposeA ? m : k), b, Int32(truncatingIfNeeded: transposeB ? k : n), beta,
      c, Int32(truncatingIfNeeded: n))
  }
}
