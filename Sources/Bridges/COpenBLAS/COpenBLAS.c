#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROW_MAJOR = 101 };

static struct {
  void (*set_num_threads)(int);
  int (*get_num_threads)(void);
  char *(*get_config)(void);
  char *(*get_corename)(void);
  void (*sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
  void (*sgemv)(int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
  void (*saxpy)(int, float, const float *, int, float *, int);
  float (*sdot)(int, const float *, int, const float *, int);
  void (*sscal)(int, float, float *, int);
  float (*snrm2)(int, const float *, int);
} blas;

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static int tried = 0;
static int result = -1;
static char error_text[512] = "";

int copenblas_has_avx512(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512cd");
#else
  return 0;
#endif
}

static int resolve(void *library, const char *name, void **slot) {
  *slot = dlsym(library, name);
  if (*slot != NULL) return 0;
  snprintf(error_text, sizeof error_text, "libopenblas.so.0 has no symbol %s; install Debian's libopenblas0-pthread",
           name);
  return -1;
}

static void load(int threads) {
  // 0.3.21 takes its Haswell kernels on recent AMD CPUs: say what the CPU can do unless a person already chose.
  if (copenblas_has_avx512()) setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
  // The pool is made in the constructor, for every CPU of the machine: name the size before it runs.
  if (getenv("OPENBLAS_NUM_THREADS") == NULL && getenv("OMP_NUM_THREADS") == NULL) {
    char text[16];
    snprintf(text, sizeof text, "%d", threads > 0 ? threads : 1);
    setenv("OPENBLAS_NUM_THREADS", text, 0);
  }
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char *reason = dlerror();
    snprintf(error_text, sizeof error_text, "%s; install Debian's libopenblas0-pthread",
             reason != NULL ? reason : "libopenblas.so.0 could not be opened");
    return;
  }
  if (resolve(library, "openblas_set_num_threads", (void **)&blas.set_num_threads) ||
      resolve(library, "openblas_get_num_threads", (void **)&blas.get_num_threads) ||
      resolve(library, "openblas_get_config", (void **)&blas.get_config) ||
      resolve(library, "openblas_get_corename", (void **)&blas.get_corename) ||
      resolve(library, "cblas_sgemm", (void **)&blas.sgemm) ||
      resolve(library, "cblas_sgemv", (void **)&blas.sgemv) ||
      resolve(library, "cblas_saxpy", (void **)&blas.saxpy) ||
      resolve(library, "cblas_sdot", (void **)&blas.sdot) ||
      resolve(library, "cblas_sscal", (void **)&blas.sscal) ||
      resolve(library, "cblas_snrm2", (void **)&blas.snrm2)) {
    dlclose(library);
    return;
  }
  result = 0;
}

int copenblas_load(int threads) {
  pthread_mutex_lock(&guard);
  if (!tried) {
    tried = 1;
    load(threads);
  }
  int outcome = result;
  pthread_mutex_unlock(&guard);
  return outcome;
}

const char *copenblas_error(void) { return error_text; }

void copenblas_set_num_threads(int threads) { blas.set_num_threads(threads); }
int copenblas_get_num_threads(void) { return blas.get_num_threads(); }
const char *copenblas_get_config(void) { return blas.get_config(); }
const char *copenblas_get_corename(void) { return blas.get_corename(); }

void copenblas_sgemm(int transposeA, int transposeB, int m, int n, int k, float alpha, const float *a, int lda,
                     const float *b, int ldb, float beta, float *c, int ldc) {
  blas.sgemm(ROW_MAJOR, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void copenblas_sgemv(int transpose, int m, int n, float alpha, const float *a, int lda, const float *x, int incx,
                     float beta, float *y, int incy) {
  blas.sgemv(ROW_MAJOR, transpose, m, n, alpha, a, lda, x, incx, beta, y, incy);
}

void copenblas_saxpy(int n, float alpha, const float *x, int incx, float *y, int incy) {
  blas.saxpy(n, alpha, x, incx, y, incy);
}

float copenblas_sdot(int n, const float *x, int incx, const float *y, int incy) {
  return blas.sdot(n, x, incx, y, incy);
}

void copenblas_sscal(int n, float alpha, float *x, int incx) { blas.sscal(n, alpha, x, incx); }

float copenblas_snrm2(int n, const float *x, int incx) { return blas.snrm2(n, x, incx); }
