#include "CVectorMath.h"

#include <stdatomic.h>
#include <stddef.h>

#include "Vectors.h"

#define SET baseline
#define TILE 2
#include "Bodies.h"
#undef TILE
#undef SET

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SET avx2
#define TILE 6
#include "Bodies.h"
#undef TILE
#undef SET
#pragma clang attribute pop

#pragma clang attribute push(                                                                                         \
    __attribute__((target("avx2,fma,avx512f,avx512dq,avx512bw,avx512vl"))), apply_to = function)
#define SET avx512
#define TILE 16
#include "Bodies.h"
#undef TILE
#undef SET
#pragma clang attribute pop

static int widest(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl")) {
    return 2;
  }
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 1 : 0;
}

static const cvectormath_functions *const sets[] = {&functions_baseline, &functions_avx2, &functions_avx512};

#else

static int widest(void) { return 0; }

static const cvectormath_functions *const sets[] = {&functions_baseline};

#endif

// −1 until somebody asks. Two threads may both find out; they find the same.
static atomic_int chosen = -1;

int cvectormath_level(void) {
  int level = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (level < 0) {
    level = widest();
    atomic_store_explicit(&chosen, level, memory_order_relaxed);
  }
  return level;
}

const cvectormath_functions *cvectormath_set(int level) {
  return level >= 0 && level <= widest() ? sets[level] : NULL;
}

static const cvectormath_functions *set(void) { return sets[cvectormath_level()]; }

void cvectormath_exp(float *values, long count) { set()->exp(values, count); }

void cvectormath_rbf(float *values, const float *norms, float norm, float gamma, long count) {
  set()->rbf(values, norms, norm, gamma, count);
}

void cvectormath_polynomial(float *values, float gamma, float coef0, int degree, long count) {
  set()->polynomial(values, gamma, coef0, degree, count);
}

void cvectormath_sigmoid(float *values, float gamma, float coef0, long count) {
  set()->sigmoid(values, gamma, coef0, count);
}

void cvectormath_add_rows(double *sums, const float *const *rows, const double *factors, long count, long length) {
  set()->add_rows(sums, rows, factors, count, length);
}

double cvectormath_dot(const double *a, const double *b, long count) { return set()->dot(a, b, count); }

void cvectormath_add(double *sums, const double *values, double factor, long count) {
  set()->add(sums, values, factor, count);
}

long cvectormath_smo(cvectormath_dual *dual, double tolerance, long most) { return set()->smo(dual, tolerance, most); }

void cvectormath_logits(const cvectormath_rows *rows, const float *weights, const float *biases, long lanes,
                        float *logits) {
  set()->logits(rows, weights, biases, lanes, logits);
}

double cvectormath_softmax_loss(float *logits, const int32_t *labels, long rows, long classes, long lanes,
                                long *correct) {
  return set()->softmax_loss(logits, labels, rows, classes, lanes, correct);
}

void cvectormath_accumulate(const cvectormath_rows *rows, const float *residuals, long lanes, float *gradient) {
  set()->accumulate(rows, residuals, lanes, gradient);
}
