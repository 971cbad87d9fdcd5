#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

// The inner loops of network training, compiled once for each vector width (AVX-512, AVX2 with FMA, and what every CPU of
// the architecture has) and chosen when the process starts by what the CPU can do.
//
// Why C: Swift has neither per-function instruction sets nor a promise that a loop becomes vector code. Nothing here
// allocates, locks or calls the system. Every output element is computed by one fixed sequence of operations that does
// not depend on the number of rows or on how the work is cut, so results are the same for any split over threads.

/// Where the rows of a matrix start: row r lies at
/// base + (r % inner)·inner_stride + (r / inner % middle)·middle_stride + r / (inner·middle)·outer_stride (floats).
/// A window sliding over images is such a matrix without being copied: pixel, line, image.
typedef struct {
  const float *base;
  long inner, inner_stride;
  long middle, middle_stride;
  long outer_stride;
} ck_rows;

enum { CK_LINEAR = 0, CK_RELU = 1, CK_TANH = 2, CK_SIGMOID = 3 };

/// C[m×n] = A[m×(segments·k)]·B[(segments·k)×n] + bias, through the activation (CK_LINEAR or CK_RELU).
/// Columns s·k ..< (s+1)·k of a row of A lie at its start + s·segment_stride. B has rows of ldb floats, C of ldc.
/// bias [n] may be NULL; with `accumulate` C's old values take its place.
void ck_product(const ck_rows *a, long segments, long segment_stride, long k, const float *b, long ldb,
                const float *bias, int activation, int accumulate, float *c, long ldc, long m, long n);

/// C[(segments·k)×n] = Aᵀ·B, or C += Aᵀ·B with `accumulate`; A as above with m rows, B[m×n] with A's inner and middle.
void ck_outer(const ck_rows *a, long segments, long segment_stride, long k, const ck_rows *b, int accumulate, float *c,
              long ldc, long m, long n);

/// out[columns×rows] = in[rows×columns] transposed; rows of `out` are ldo floats apart.
void ck_transpose(float *out, long ldo, const float *in, long rows, long columns);

/// sums[n] (+)= column sums of matrix[rows×n].
void ck_column_sums(float *sums, const float *matrix, long rows, long n, int accumulate);

/// out = activation(in), element by element; may work in place.
void ck_activate(int activation, float *out, const float *in, long count);

/// gradient by the input of an activation from that by its output and the output itself; may work in place.
void ck_activate_backward(int activation, float *in_gradient, const float *out_gradient, const float *output,
                          long count);

/// Rows of logits to probabilities in place.
void ck_softmax(float *logits, long rows, long classes);

/// out = in · (hash(first + i) < threshold ? 0 : scale). The hash is MurmurHash3's 32-bit finaliser over a counter.
void ck_dropout(float *out, const float *in, long count, uint32_t first, uint32_t key, uint32_t threshold, float scale);

/// out = bytes · scale.
void ck_scale_bytes(float *out, const uint8_t *bytes, long count, float scale);

/// sums += values.
void ck_add(float *sums, const float *values, long count);

/// Largest of each size×size window of in[·×line×channels], for out[height×width×channels]; `which` [like out] tells
/// the window's cell, counted by line (the first of equals).
void ck_pool(float *out, uint8_t *which, const float *in, long line, long height, long width, long channels, long size);

/// The gradient by what `ck_pool` read: of each window's cells the chosen one gets the gradient, the others 0. Where
/// `output` (NULL for none) is not positive all get 0: a relu before the pool. `sums` [channels] += what was passed on.
/// in_gradient is [(height·size)×line×channels]; cells right of width·size are left alone.
void ck_pool_backward(float *in_gradient, const uint8_t *which, const float *out_gradient, const float *output,
                      float *sums, long line, long height, long width, long channels, long size);

/// One time step of an LSTM for `rows` rows and `units` units. gates[rows×4·units]: in the sums, out the activated
/// gates i, f, g, o. before [rows×units] is the cell state before the step, NULL for zeros.
void ck_lstm_forward(float *gates, const float *before, float *cell, float *cell_tanh, float *hidden, long rows,
                     long units);

/// The same step backwards. gates: in activated, out the gradient by the sums. cell_gradient: in that by the cell after
/// the step (without what comes through `hidden`), out that by the cell before it.
void ck_lstm_backward(float *gates, const float *before, const float *cell_tanh, const float *hidden_gradient,
                      float *cell_gradient, long rows, long units);

/// Adam and, with decay > 0, AdamW: parameters ← (1 − decay)·parameters − rate·m / (√v + epsilon).
typedef struct {
  float rate, beta1, beta2, epsilon, decay;
} ck_adam_rule;
void ck_adam(float *parameters, const float *gradients, float *m, float *v, long count, const ck_adam_rule *rule);

/// velocity ← momentum·velocity − rate·g; parameters += velocity, or momentum·velocity − rate·g with `nesterov`.
void ck_momentum(float *parameters, const float *gradients, float *velocity, long count, float rate, float momentum,
                 int nesterov);

/// parameters −= rate·g.
void ck_descend(float *parameters, const float *gradients, long count, float rate);

/// mean ← rho·mean + (1 − rho)·g²; step = rate·g/√(mean + epsilon); with a velocity (else NULL)
/// velocity ← momentum·velocity + step and parameters −= velocity, else parameters −= step.
typedef struct {
  float rate, rho, momentum, epsilon;
} ck_rmsprop_rule;
void ck_rmsprop(float *parameters, const float *gradients, float *mean, float *velocity, long count,
                const ck_rmsprop_rule *rule);

/// Tells the CPU that this thread is waiting in a loop.
static inline void ck_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// The same functions as one variant has them.
typedef struct {
  const char *name;
  void (*product)(const ck_rows *, long, long, long, const float *, long, const float *, int, int, float *, long, long,
                  long);
  void (*outer)(const ck_rows *, long, long, long, const ck_rows *, int, float *, long, long, long);
  void (*transpose)(float *, long, const float *, long, long);
  void (*column_sums)(float *, const float *, long, long, int);
  void (*activate)(int, float *, const float *, long);
  void (*activate_backward)(int, float *, const float *, const float *, long);
  void (*softmax)(float *, long, long);
  void (*dropout)(float *, const float *, long, uint32_t, uint32_t, uint32_t, float);
  void (*scale_bytes)(float *, const uint8_t *, long, float);
  void (*add)(float *, const float *, long);
  void (*pool)(float *, uint8_t *, const float *, long, long, long, long, long);
  void (*pool_backward)(float *, const uint8_t *, const float *, const float *, float *, long, long, long, long, long);
  void (*lstm_forward)(float *, const float *, float *, float *, float *, long, long);
  void (*lstm_backward)(float *, const float *, const float *, const float *, float *, long, long);
  void (*adam)(float *, const float *, float *, float *, long, const ck_adam_rule *);
  void (*momentum)(float *, const float *, float *, long, float, float, int);
  void (*descend)(float *, const float *, long, float);
  void (*rmsprop)(float *, const float *, float *, float *, long, const ck_rmsprop_rule *);
} ck_variant;

/// The variants this CPU can run, the one in use first; NULL after the last.
const ck_variant *ck_usable_variant(int index);

#endif
