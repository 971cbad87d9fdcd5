#include "CTrees.h"

#include <math.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// A fused multiply and add would round otherwise than the two on a machine without it.
#pragma STDC FP_CONTRACT OFF

// Features scored in one pass over a node's rows. Several at once, because two rows of one bin and class wait for each
// other: the second increment can only start when the first has left the store buffer.
#define CTREES_LANES 4
#define CTREES_BINS 256
#define CTREES_INLINE static inline __attribute__((always_inline))

// Nodes lighter than this are counted in 16 bits, which halves the histograms; their squares come from signed products.
#define CTREES_NARROW 32768

// Nodes of up to so many rows are fetched ahead.
#define CTREES_SMALL 512

typedef uint16_t ctrees_narrow __attribute__((vector_size(16)));
typedef uint32_t ctrees_wide __attribute__((vector_size(16)));

// Scratch memory: histograms [lane][bin][class], rows [lane][bin], presence [lane][bin], weights left of a cut [class].
typedef struct {
  void *histograms;
  uint32_t *counts;
  uint32_t *left;
  uint8_t *present;
} ctrees_scratch;

static ctrees_scratch ctrees_layout(void *memory, uint32_t stride) {
  ctrees_scratch scratch;
  scratch.histograms = memory;
  scratch.counts = (uint32_t *)memory + (size_t)CTREES_LANES * CTREES_BINS * stride;
  scratch.present = (uint8_t *)(scratch.counts + CTREES_LANES * CTREES_BINS);
  scratch.left = (uint32_t *)(scratch.present + CTREES_LANES * CTREES_BINS);
  return scratch;
}

size_t ctrees_scratch_size(uint32_t stride) {
  return (size_t)CTREES_LANES * CTREES_BINS * (stride * 4 + 4 + 1) + (size_t)stride * 4;
}

// Adds a node's rows to the histograms of `lanes` features.
CTREES_INLINE void ctrees_accumulate(const ctrees_matrix *matrix, const ctrees_node *node, const uint32_t *features,
                                     const int lanes, const uint32_t shift, const int narrow, const int counting,
                                     ctrees_scratch scratch) {
  const uint8_t *columns[CTREES_LANES];
  for (int lane = 0; lane < lanes; lane++) columns[lane] = matrix->bins + features[lane] * matrix->stride;
  const uint64_t *restrict rows = node->rows;
  uint16_t *restrict narrows = scratch.histograms;
  uint32_t *restrict wides = scratch.histograms;
  uint8_t *restrict present = scratch.present;
  uint32_t *restrict counts = scratch.counts;
  const size_t count = node->count;
  for (size_t i = 0; i < count; i++) {
    const uint64_t row = rows[i];
    const size_t place = (uint32_t)row;
    const size_t class = (row >> 32) & 0xFFFF;
    const uint32_t weight = (uint32_t)(row >> 48);
#pragma clang loop unroll(full)
    for (int lane = 0; lane < lanes; lane++) {
      const size_t bin = (size_t)lane << 8 | columns[lane][place];
      const size_t cell = (bin << shift) + class;
      if (narrow) {
        narrows[cell] = (uint16_t)(narrows[cell] + weight);
      } else {
        wides[cell] += weight;
      }
      present[bin] = 0x80;
      if (counting) counts[bin]++;
    }
  }
}

// Lists the bins that are present in ascending order into `bins` and clears the marks; returns how many they are.
CTREES_INLINE int ctrees_collect(uint8_t *present, uint8_t bins[CTREES_BINS]) {
  int count = 0;
  for (int word = 0; word < CTREES_BINS / 64; word++) {
    uint64_t bits = 0;
#if defined(__SSE2__)
    for (int part = 0; part < 4; part++) {
      __m128i *place = (__m128i *)(present + word * 64 + part * 16);
      bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_load_si128(place)) << (part * 16);
      _mm_store_si128(place, _mm_setzero_si128());
    }
#else
    for (int part = 0; part < 8; part++) {
      uint64_t eight;
      memcpy(&eight, present + word * 64 + part * 8, 8);
      // Bit 7 of each byte moves to its place in the top byte of the product.
      bits |= (((eight >> 7) * 0x0102040810204080u) >> 56) << (part * 8);
    }
    memset(present + word * 64, 0, 64);
#endif
    for (; bits; bits &= bits - 1) bins[count++] = (uint8_t)(word * 64 + __builtin_ctzll(bits));
  }
  return count;
}

// a·b, neighbours added. Lanes are below 2^15.
CTREES_INLINE ctrees_wide ctrees_products(ctrees_narrow a, ctrees_narrow b) {
#if defined(__SSE2__)
  return (ctrees_wide)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  ctrees_wide sum;
  for (int i = 0; i < 4; i++) sum[i] = (uint32_t)a[2 * i] * b[2 * i] + (uint32_t)a[2 * i + 1] * b[2 * i + 1];
  return sum;
#endif
}

// Σ left²/left + Σ right²/right out of four partial sums each. No sum reaches 2^32: the weight is below 2^16.
CTREES_INLINE double ctrees_gini(ctrees_wide squares, ctrees_wide others, ctrees_wide sums, uint32_t weight) {
  const ctrees_wide a = __builtin_shufflevector(squares, others, 0, 4, 1, 5)
      + __builtin_shufflevector(squares, others, 2, 6, 3, 7);
  const ctrees_wide b = sums + __builtin_shufflevector(sums, sums, 2, 3, 2, 3);
  const uint32_t square = a[0] + a[2], other = a[1] + a[3], left = b[0] + b[1];
  return (double)square / (double)left + (double)other / (double)(weight - left);
}

// The best cut of one feature by Gini's criterion for `stride` classes, a constant 8 or 16; clears its histogram.
CTREES_INLINE ctrees_split ctrees_sweep_gini(const ctrees_node *node, void *histogram, const uint32_t *counts,
                                             const uint8_t *bins, const int present, const int stride,
                                             const int narrow, const int counting) {
  ctrees_split best = {-1, -1, present > 1 ? bins[1] : -1};
  const uint32_t weight = (uint32_t)node->weight, all = (uint32_t)node->count, least = node->minimum_leaf;
  const ctrees_wide *totals = (const ctrees_wide *)node->totals;
  const int narrows = stride / 8, wides = stride / 4;
  ctrees_narrow narrow_left[2] = {{0}, {0}}, narrow_total[2] = {{0}, {0}};
  ctrees_wide wide_left[4] = {{0}, {0}, {0}, {0}};
  const ctrees_narrow ones = {1, 1, 1, 1, 1, 1, 1, 1};
  if (narrow)
    for (int i = 0; i < stride; i++) narrow_total[i / 8][i % 8] = (uint16_t)node->totals[i];
  uint32_t rows = 0;
  for (int i = 0; i < present; i++) {
    const int bin = bins[i];
    if (i > 0) {
      ctrees_wide squares = {0}, others = {0}, sums = {0};
      if (narrow) {
        for (int part = 0; part < narrows; part++) {
          const ctrees_narrow right = narrow_total[part] - narrow_left[part];
          squares += ctrees_products(narrow_left[part], narrow_left[part]);
          others += ctrees_products(right, right);
          sums += ctrees_products(narrow_left[part], ones);
        }
      } else {
        for (int part = 0; part < wides; part++) {
          const ctrees_wide right = totals[part] - wide_left[part];
          squares += wide_left[part] * wide_left[part];
          others += right * right;
          sums += wide_left[part];
        }
      }
      const double score = ctrees_gini(squares, others, sums, weight);
      if (score > best.score && (!counting || (rows >= least && all - rows >= least))) {
        best = (ctrees_split){score, bins[i - 1], bin};
      }
    }
    if (narrow) {
      ctrees_narrow *place = (ctrees_narrow *)histogram + bin * narrows;
      for (int part = 0; part < narrows; part++) {
        narrow_left[part] += place[part];
        place[part] = (ctrees_narrow){0};
      }
    } else {
      ctrees_wide *place = (ctrees_wide *)histogram + bin * wides;
      for (int part = 0; part < wides; part++) {
        wide_left[part] += place[part];
        place[part] = (ctrees_wide){0};
      }
    }
    if (counting) rows += counts[bin];
  }
  return best;
}

static inline double ctrees_x_log_x(const ctrees_node *node, uint64_t x) {
  return x < node->logarithms ? node->x_log_x[x] : (double)x * log2((double)x);
}

// The best cut of one feature for any number of classes, any weight and either criterion; clears its histogram.
static ctrees_split ctrees_sweep_any(const ctrees_node *node, uint32_t *histogram, const uint32_t *counts,
                                     const uint8_t *bins, const int present, uint32_t *left) {
  const int entropy = node->x_log_x != NULL;
  ctrees_split best = {-HUGE_VAL, -1, present > 1 ? bins[1] : -1};
  const uint32_t classes = node->classes, all = (uint32_t)node->count, least = node->minimum_leaf;
  uint32_t rows = 0;
  uint64_t sum = 0, square = 0, other = 0;
  double inside = 0, outside = 0;
  for (uint32_t class = 0; class < classes; class++) {
    const uint64_t total = node->totals[class];
    left[class] = 0;
    if (entropy) {
      outside += ctrees_x_log_x(node, total);
    } else {
      other += total * total;
    }
  }
  for (int i = 0; i < present; i++) {
    const int bin = bins[i];
    if (i > 0 && rows >= least && all - rows >= least) {
      const uint64_t rest = node->weight - sum;
      const double score = entropy
          ? inside - ctrees_x_log_x(node, sum) + outside - ctrees_x_log_x(node, rest)
          : (double)square / (double)sum + (double)other / (double)rest;
      if (score > best.score) best = (ctrees_split){score, bins[i - 1], bin};
    }
    uint32_t *place = histogram + (size_t)bin * node->stride;
    for (uint32_t class = 0; class < classes; class++) {
      const uint64_t more = place[class];
      if (!more) continue;
      place[class] = 0;
      const uint64_t before = left[class], after = before + more, total = node->totals[class];
      left[class] = (uint32_t)after;
      sum += more;
      if (entropy) {
        inside += ctrees_x_log_x(node, after) - ctrees_x_log_x(node, before);
        outside += ctrees_x_log_x(node, total - after) - ctrees_x_log_x(node, total - before);
      } else {
        square += after * after - before * before;
        other += (total - after) * (total - after) - (total - before) * (total - before);
      }
    }
    rows += counts[bin];
  }
  return best;
}

CTREES_INLINE void ctrees_score_lanes(const ctrees_matrix *matrix, const ctrees_node *node, const uint32_t *features,
                                      const int lanes, const uint32_t shift, const int narrow, const int counting,
                                      const int general, ctrees_scratch scratch, ctrees_split *splits) {
  ctrees_accumulate(matrix, node, features, lanes, shift, narrow, counting, scratch);
  for (int lane = 0; lane < lanes; lane++) {
    uint8_t bins[CTREES_BINS];
    const int present = ctrees_collect(scratch.present + lane * CTREES_BINS, bins);
    void *histogram = (uint8_t *)scratch.histograms + (((size_t)lane * CTREES_BINS << shift) * (narrow ? 2 : 4));
    uint32_t *counts = scratch.counts + lane * CTREES_BINS;
    splits[lane] = general
        ? ctrees_sweep_any(node, histogram, counts, bins, present, scratch.left)
        : ctrees_sweep_gini(node, histogram, counts, bins, present, 1 << shift, narrow, counting);
    if (counting) memset(counts, 0, CTREES_BINS * sizeof(uint32_t));
  }
}

// Asks for the bins of a small node's rows while other features are scored. Its rows lie too far apart for the machine
// to see what comes next.
CTREES_INLINE void ctrees_prefetch(const ctrees_matrix *matrix, const ctrees_node *node, const uint32_t *features,
                                   size_t count) {
  if (node->count > CTREES_SMALL) return;
  for (size_t i = 0; i < count; i++) {
    const uint8_t *column = matrix->bins + features[i] * matrix->stride;
    for (size_t row = 0; row < node->count; row++) __builtin_prefetch(column + (uint32_t)node->rows[row]);
  }
}

CTREES_INLINE void ctrees_score_all(const ctrees_matrix *matrix, const ctrees_node *node, const uint32_t *features,
                                    size_t count, const uint32_t shift, const int narrow, const int counting,
                                    const int general, void *memory, ctrees_split *splits) {
  const ctrees_scratch scratch = ctrees_layout(memory, node->stride);
  size_t done = 0;
  ctrees_prefetch(matrix, node, features, count < CTREES_LANES ? count : CTREES_LANES);
#define CTREES_WITH_LANES(lanes)                                                                             \
  for (; done + lanes <= count; done += lanes) {                                                             \
    const size_t after = count - done - lanes;                                                               \
    ctrees_prefetch(matrix, node, features + done + lanes, after < CTREES_LANES ? after : CTREES_LANES);     \
    ctrees_score_lanes(matrix, node, features + done, lanes, shift, narrow, counting, general, scratch,      \
                       splits + done);                                                                       \
  }
  CTREES_WITH_LANES(CTREES_LANES)
  CTREES_WITH_LANES(2)
  CTREES_WITH_LANES(1)
}

void ctrees_score(const ctrees_matrix *matrix, const ctrees_node *node, const uint32_t *features, size_t count,
                  void *scratch, ctrees_split *splits) {
  const int counting = node->minimum_leaf > 1;
  const int narrow = node->weight < CTREES_NARROW;
  const uint32_t shift = (uint32_t)__builtin_ctz(node->stride);
  // Each case is a copy of the loops with its constants in them.
#define CTREES_CASE(shift, narrow, counting, general) \
  ctrees_score_all(matrix, node, features, count, shift, narrow, counting, general, scratch, splits)
  if (node->x_log_x != NULL || node->weight >= 65536 || shift > 4) {
    CTREES_CASE(shift, 0, 1, 1);
  } else if (shift == 3 && counting) {
    if (narrow) CTREES_CASE(3, 1, 1, 0); else CTREES_CASE(3, 0, 1, 0);
  } else if (shift == 3) {
    if (narrow) CTREES_CASE(3, 1, 0, 0); else CTREES_CASE(3, 0, 0, 0);
  } else if (counting) {
    if (narrow) CTREES_CASE(4, 1, 1, 0); else CTREES_CASE(4, 0, 1, 0);
  } else {
    if (narrow) CTREES_CASE(4, 1, 0, 0); else CTREES_CASE(4, 0, 0, 0);
  }
}
