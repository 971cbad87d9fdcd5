#include "CTrees.h"

#include <math.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

// A fused multiply and add would round otherwise than the two on a machine without it.
#pragma STDC FP_CONTRACT OFF

// Features scored in one pass over a node's rows.
#define CTREES_LANES 4

// The sum of the halves of a vector of eight. No function: a baseline build cannot pass such a vector in a register.
#define CTREES_HALVES(x) \
  (__builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7))

// Scratch memory: histograms [lane][bin][class], rows [lane][bin], presence [lane][bin], weights left of a cut [class].
typedef struct {
  uint32_t *histograms;
  uint32_t *counts;
  uint32_t *left;
  uint8_t *present;
} ctrees_scratch;

static ctrees_scratch ctrees_layout(void *memory, uint32_t stride) {
  ctrees_scratch scratch;
  scratch.histograms = memory;
  scratch.counts = scratch.histograms + (size_t)CTREES_LANES * 256 * stride;
  scratch.present = (uint8_t *)(scratch.counts + CTREES_LANES * 256);
  scratch.left = (uint32_t *)(scratch.present + CTREES_LANES * 256);
  return scratch;
}

size_t ctrees_scratch_size(uint32_t stride) {
  return (size_t)CTREES_LANES * 256 * (stride * 4 + 4 + 1) + (size_t)stride * 4;
}

static inline double ctrees_x_log_x(const ctrees_node *node, uint64_t x) {
  return x < node->logarithms ? node->x_log_x[x] : (double)x * log2((double)x);
}

#define TARGET
#define NAME(x) baseline_##x
#include "ScoreKernel.inc"
#undef TARGET
#undef NAME

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define NAME(x) avx2_##x
#include "ScoreKernel.inc"
#undef TARGET
#undef NAME
#endif

void ctrees_score(const ctrees_matrix *matrix, const ctrees_node *node, const uint32_t *features, size_t count,
                  void *scratch, ctrees_split *splits) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
    avx2_score(matrix, node, features, count, scratch, splits);
    return;
  }
#endif
  baseline_score(matrix, node, features, count, scratch, splits);
}

size_t ctrees_partition(const ctrees_matrix *matrix, uint64_t *rows, size_t count, uint32_t feature, uint8_t bin,
                        uint64_t *spare, uint32_t *left, uint32_t stride) {
  memset(left, 0, stride * sizeof(uint32_t));
  const uint8_t *column = matrix->bins + feature * matrix->feature_stride;
  size_t kept = 0, moved = 0;
  for (size_t i = 0; i < count; i++) {
    const uint64_t row = rows[i];
    const size_t goes = column[(uint32_t)row * matrix->row_stride] <= bin;
    // Both are written and one of them counts: a branch here would be guessed wrong half of the time.
    rows[kept] = row;
    spare[moved] = row;
    left[(row >> 32) & 0xFFFF] += (uint32_t)(row >> 48) & (uint32_t)-(int32_t)goes;
    kept += goes;
    moved += 1 - goes;
  }
  memcpy(rows + kept, spare, moved * sizeof(uint64_t));
  return kept;
}

void ctrees_transpose(const uint8_t *source, uint8_t *target, size_t rows, size_t width, size_t first, size_t count) {
  // A tile's rows stay in the first cache level while its columns are read off them.
  const size_t tile = 32;
  for (size_t row = first; row < first + count; row += tile) {
    const size_t height = row + tile <= first + count ? tile : first + count - row;
    for (size_t column = 0; column < width; column++) {
      const uint8_t *from = source + row * width + column;
      uint8_t *to = target + column * rows + row;
      for (size_t i = 0; i < height; i++) to[i] = from[i * width];
    }
  }
}
