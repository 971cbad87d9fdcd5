#ifndef COPENBLAS_H
#define COPENBLAS_H

// A bridge to OpenBLAS that loads the library when it is first needed instead of linking it.
//
// Why not link: OpenBLAS reads OPENBLAS_CORETYPE in its constructor, before main. The kernel set can only be chosen by
// the program itself if the program opens the library after it has looked at the CPU.

/// CBLAS transpose flags (values fixed by the CBLAS standard).
enum { COPENBLAS_NO_TRANSPOSE = 111, COPENBLAS_TRANSPOSE = 112 };

/// Opens libopenblas.so.0 once per process with the kernel set chosen for this CPU; later calls return the first result.
/// `threads` is the size of the thread pool when the environment names none (at least 1).
/// Returns 0 when every symbol was found. Safe to call from any thread.
int copenblas_load(int threads);

/// What went wrong in `copenblas_load`, or an empty string. Valid for the life of the process.
const char *copenblas_error(void);

/// 1 when the CPU and the system support the AVX-512 subsets that the SkylakeX kernels use.
int copenblas_has_avx512(void);

// Everything below may only be called after copenblas_load returned 0.

void copenblas_set_num_threads(int threads);
int copenblas_get_num_threads(void);
const char *copenblas_get_config(void);
const char *copenblas_get_corename(void);

/// C[m×n] = alpha·op(A)[m×k]·op(B)[k×n] + beta·C, row-major.
void copenblas_sgemm(int transposeA, int transposeB, int m, int n, int k, float alpha, const float *a, int lda,
                     const float *b, int ldb, float beta, float *c, int ldc);

/// y = alpha·op(A)·x + beta·y with A[m×n], row-major.
void copenblas_sgemv(int transpose, int m, int n, float alpha, const float *a, int lda, const float *x, int incx,
                     float beta, float *y, int incy);

/// y += alpha·x
void copenblas_saxpy(int n, float alpha, const float *x, int incx, float *y, int incy);

/// x·y
float copenblas_sdot(int n, const float *x, int incx, const float *y, int incy);

/// x *= alpha
void copenblas_sscal(int n, float alpha, float *x, int incx);

/// Euclidean norm of x.
float copenblas_snrm2(int n, const float *x, int incx);

#endif
