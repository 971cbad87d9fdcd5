#ifndef CVECTORMATH_H
#define CVECTORMATH_H

// Inner loops whose speed hangs on the width of the CPU's vectors: kernel values, sequential minimal optimisation on a
// small dense problem, and the loss of a softmax classifier with its gradient.
//
// Each is compiled for the build's baseline, for AVX2 with FMA and for AVX-512; the widest set that the CPU has is taken
// when a function is first called. Sums are ordered differently in each set, so results agree between them to rounding,
// and exactly between runs on CPUs of one kind. No function allocates, blocks or keeps anything.

#include <stdint.h>

/// values[i] = exp(values[i]), within 2 units in the last place; below −87 and above 88 as at these ends.
void cvectormath_exp(float *values, long count);

/// From dot products x·y_i to exp(−gamma·‖x − y_i‖²), in place. `norm` is ‖x‖², `norms[i]` is ‖y_i‖².
void cvectormath_rbf(float *values, const float *norms, float norm, float gamma, long count);

/// From dot products x·y_i to (gamma·x·y_i + coef0)^degree, in place; degree from 0.
void cvectormath_polynomial(float *values, float gamma, float coef0, int degree, long count);

/// From dot products x·y_i to tanh(gamma·x·y_i + coef0), in place.
void cvectormath_sigmoid(float *values, float gamma, float coef0, long count);

/// sums[i] += Σ_r factors[r]·rows[r][i] for i in 0..<length and r in 0..<count.
void cvectormath_add_rows(double *sums, const float *const *rows, const double *factors, long count, long length);

/// Σ a[i]·b[i].
double cvectormath_dot(const double *a, const double *b, long count);

/// sums[i] += factor·values[i]
void cvectormath_add(double *sums, const double *values, double factor, long count);

/// A dual problem of a support vector machine in the variables β = y·α: minimise ½·βᵀKβ − yᵀβ with lower ≤ β ≤ upper
/// and Σβ held as it is. Every array has room for `size` elements rounded up to a multiple of 8; those beyond `size` may be
/// written to.
typedef struct {
  long size;
  long stride;
  /// The kernel matrix: row i starts at i·stride; `stride` is at least `size` rounded up to a multiple of 8.
  const float *kernel;
  /// The diagonal of the kernel matrix.
  double *diagonal;
  double *beta;
  const double *lower;
  const double *upper;
  /// Kβ − y, kept up to date.
  double *slope;
  /// Three more arrays to work in.
  double *scratch[3];
} cvectormath_dual;

/// Solves the problem by sequential minimal optimisation with second-order selection of the pair (Fan, Chen and Lin,
/// 2005), until no pair violates the optimality conditions by `tolerance` or more, or `most` pairs were taken.
/// Returns how many were taken.
long cvectormath_smo(cvectormath_dual *dual, double tolerance, long most);

/// Lanes that a class count is rounded up to: a row of weights, logits or a gradient has a multiple of these.
enum { CVECTORMATH_LANES = 16 };

/// Rows to classify: dense (`values` row-major, rows × width) or sparse (`starts` not NULL: row r has the elements
/// starts[r]..<starts[r+1] of `values` in the columns `columns`).
typedef struct {
  long rows;
  long width;
  const float *values;
  const uint16_t *columns;
  const int64_t *starts;
} cvectormath_rows;

/// logits [rows×lanes] = biases [lanes] + rows · weights [width×lanes].
void cvectormath_logits(const cvectormath_rows *rows, const float *weights, const float *biases, long lanes,
                        float *logits);

/// Turns logits [rows×lanes] into probabilities minus the one-hot label, in place; lanes from `classes` on become 0.
/// Returns the sum of −log p(label) and adds the rows whose first largest logit is the label's to `correct`.
double cvectormath_softmax_loss(float *logits, const int32_t *labels, long rows, long classes, long lanes,
                                long *correct);

/// gradient [width×lanes] += rowsᵀ · residuals [rows×lanes].
void cvectormath_accumulate(const cvectormath_rows *rows, const float *residuals, long lanes, float *gradient);

/// The functions above for one instruction set.
typedef struct {
  void (*exp)(float *, long);
  void (*rbf)(float *, const float *, float, float, long);
  void (*polynomial)(float *, float, float, int, long);
  void (*sigmoid)(float *, float, float, long);
  void (*add_rows)(double *, const float *const *, const double *, long, long);
  double (*dot)(const double *, const double *, long);
  void (*add)(double *, const double *, double, long);
  long (*smo)(cvectormath_dual *, double, long);
  void (*logits)(const cvectormath_rows *, const float *, const float *, long, float *);
  double (*softmax_loss)(float *, const int32_t *, long, long, long, long *);
  void (*accumulate)(const cvectormath_rows *, const float *, long, float *);
} cvectormath_functions;

/// The set that the functions above take on this CPU: 0 for the baseline, 1 for AVX2, 2 for AVX-512.
int cvectormath_level(void);

/// The functions of the set `level`, or NULL where the CPU does not have it: for comparing sets.
const cvectormath_functions *cvectormath_set(int level);

#endif
