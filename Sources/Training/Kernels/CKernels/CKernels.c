#include "CKernels.h"

#include <stddef.h>

extern const ck_variant ck_baseline;
#if defined(__x86_64__)
extern const ck_variant ck_avx2, ck_avx512;
#endif

static const ck_variant *usable[4];
static const ck_variant *table = &ck_baseline;

/// Runs before main, so no call ever sees a half-made choice.
__attribute__((constructor)) static void choose_variant(void) {
  int count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
    usable[count++] = &ck_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) usable[count++] = &ck_avx2;
#endif
  usable[count] = &ck_baseline;
  table = usable[0];
}

const ck_variant *ck_usable_variant(int index) { return index >= 0 && index < 4 ? usable[index] : NULL; }

void ck_product(const ck_rows *a, long segments, long segment_stride, long k, const float *b, long ldb,
                const float *bias, int activation, int accumulate, float *c, long ldc, long m, long n) {
  table->product(a, segments, segment_stride, k, b, ldb, bias, activation, accumulate, c, ldc, m, n);
}

void ck_outer(const ck_rows *a, long segments, long segment_stride, long k, const ck_rows *b, int accumulate, float *c,
              long ldc, long m, long n) {
  table->outer(a, segments, segment_stride, k, b, accumulate, c, ldc, m, n);
}

void ck_transpose(float *out, long ldo, const float *in, long rows, long columns) {
  table->transpose(out, ldo, in, rows, columns);
}

void ck_column_sums(float *sums, const float *matrix, long rows, long n, int accumulate) {
  table->column_sums(sums, matrix, rows, n, accumulate);
}

void ck_activate(int activation, float *out, const float *in, long count) {
  table->activate(activation, out, in, count);
}

void ck_activate_backward(int activation, float *in_gradient, const float *out_gradient, const float *output,
                          long count) {
  table->activate_backward(activation, in_gradient, out_gradient, output, count);
}

void ck_softmax(float *logits, long rows, long classes) { table->softmax(logits, rows, classes); }

void ck_dropout(float *out, const float *in, long count, uint32_t first, uint32_t key, uint32_t threshold,
                float scale) {
  table->dropout(out, in, count, first, key, threshold, scale);
}

void ck_scale_bytes(float *out, const uint8_t *bytes, long count, float scale) {
  table->scale_bytes(out, bytes, count, scale);
}

void ck_add(float *sums, const float *values, long count) { table->add(sums, values, count); }

void ck_pool(float *out, uint8_t *which, const float *in, long line, long height, long width, long channels,
             long size) {
  table->pool(out, which, in, line, height, width, channels, size);
}

void ck_pool_backward(float *in_gradient, const uint8_t *which, const float *out_gradient, const float *output,
                      float *sums, long line, long height, long width, long channels, long size) {
  table->pool_backward(in_gradient, which, out_gradient, output, sums, line, height, width, channels, size);
}

void ck_lstm_forward(float *gates, const float *before, float *cell, float *cell_tanh, float *hidden, long rows,
                     long units) {
  table->lstm_forward(gates, before, cell, cell_tanh, hidden, rows, units);
}

void ck_lstm_backward(float *gates, const float *before, const float *cell_tanh, const float *hidden_gradient,
                      float *cell_gradient, long rows, long units) {
  table->lstm_backward(gates, before, cell_tanh, hidden_gradient, cell_gradient, rows, units);
}

void ck_adam(float *parameters, const float *gradients, float *m, float *v, long count, const ck_adam_rule *rule) {
  table->adam(parameters, gradients, m, v, count, rule);
}

void ck_momentum(float *parameters, const float *gradients, float *velocity, long count, float rate, float momentum,
                 int nesterov) {
  table->momentum(parameters, gradients, velocity, count, rate, momentum, nesterov);
}

void ck_descend(float *parameters, const float *gradients, long count, float rate) {
  table->descend(parameters, gradients, count, rate);
}

void ck_rmsprop(float *parameters, const float *gradients, float *mean, float *velocity, long count,
                const ck_rmsprop_rule *rule) {
  table->rmsprop(parameters, gradients, mean, velocity, count, rule);
}
