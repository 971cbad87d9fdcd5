// Sums of outer products, Aᵀ·B: what the gradients of weights are. A tile of the result stays in registers while the
// rows of both matrices go by.

/// Where a block of rows starts in both matrices. They have the same lines and images, if not the same strides.
typedef struct {
  const ck_rows *a, *b;
  cursor at_a, at_b;
  long m;
} row_pairs;

INLINE cursor start_at(const ck_rows *rows, long row) {
  const long line = row / rows->inner;
  cursor c = {NULL, rows->base + line / rows->middle * rows->outer_stride, NULL, row % rows->inner, line % rows->middle};
  c.line_start = c.block_start + c.j * rows->middle_stride;
  c.at = c.line_start + c.i * rows->inner_stride;
  return c;
}

/// c[KR×(NR·WIDTH)] = or += the products of the rows' columns from the offsets on.
INLINE void outer_tile(const int KR, const int NR, const row_pairs *pairs, long a_offset, long b_offset, float *c,
                       long ldc, int accumulate, const long part) {
  vfloat sum[MAX_TILE_ROWS][MAX_TILE_VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < KR; r++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < NR; j++) {
      const float *from = c + r * ldc + j * WIDTH;
      sum[r][j] = !accumulate ? (vfloat){0} : part > 0 && j == NR - 1 ? load_part(from, part) : load(from);
    }
  }
  cursor at_a = pairs->at_a;
  cursor at_b = pairs->at_b;
  for (long m = pairs->m; m > 0;) {
    const long line = pairs->a->inner - at_a.i;
    long run = line < m ? line : m;
    const float *row = at_a.at + a_offset;
    const float *b = at_b.at + b_offset;
    const long stride = pairs->a->inner_stride;
    const long ldb = pairs->b->inner_stride;
    m -= run;
    for (; run > 0; run--) {
      vfloat right[MAX_TILE_VECTORS];
#pragma clang loop unroll(full)
      for (int j = 0; j < NR; j++)
        right[j] = part > 0 && j == NR - 1 ? load_part(b + j * WIDTH, part) : load(b + j * WIDTH);
#pragma clang loop unroll(full)
      for (int r = 0; r < KR; r++) {
        const vfloat left = all(row[r]);
#pragma clang loop unroll(full)
        for (int j = 0; j < NR; j++) sum[r][j] = left * right[j] + sum[r][j];
      }
      row += stride;
      b += ldb;
    }
    next_line(&at_a, pairs->a);
    next_line(&at_b, pairs->b);
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < KR; r++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < NR; j++) {
      if (part > 0 && j == NR - 1)
        store_part(c + r * ldc + j * WIDTH, sum[r][j], part);
      else
        store(c + r * ldc + j * WIDTH, sum[r][j]);
    }
  }
}

typedef void outer_kernel(const row_pairs *pairs, long a_offset, long b_offset, float *c, long ldc, int accumulate,
                          long part);

#define OUTER_TILE(KR, NR)                                                                                          \
  static void outer_##KR##x##NR(const row_pairs *pairs, long a_offset, long b_offset, float *c, long ldc,           \
                                int accumulate, long part) {                                                        \
    (void)part;                                                                                                     \
    outer_tile(KR, NR, pairs, a_offset, b_offset, c, ldc, accumulate, 0);                                           \
  }
#define OUTER_PART(KR)                                                                                              \
  static void outer_##KR##_part(const row_pairs *pairs, long a_offset, long b_offset, float *c, long ldc,           \
                                int accumulate, long part) {                                                        \
    outer_tile(KR, 1, pairs, a_offset, b_offset, c, ldc, accumulate, part);                                         \
  }

/// Kernels of one width: for the most rows of the result first, the last for one.
typedef struct {
  int vectors;
  const int *rows;
  outer_kernel *const *kernels;
} outer_family;

OUTER_TILE(1, 1) OUTER_TILE(2, 1) OUTER_TILE(4, 1) OUTER_TILE(8, 1)
OUTER_PART(1) OUTER_PART(2) OUTER_PART(4) OUTER_PART(8)
static outer_kernel *const outer_narrow_kernels[] = {outer_8x1, outer_4x1, outer_2x1, outer_1x1};
static outer_kernel *const outer_part_kernels[] = {outer_8_part, outer_4_part, outer_2_part, outer_1_part};
#if WIDTH == 16
OUTER_TILE(1, 2) OUTER_TILE(2, 2) OUTER_TILE(3, 2) OUTER_TILE(6, 2) OUTER_TILE(12, 2)
OUTER_TILE(1, 4) OUTER_TILE(2, 4) OUTER_TILE(3, 4) OUTER_TILE(4, 4) OUTER_TILE(5, 4) OUTER_TILE(6, 4)
static outer_kernel *const outer_middle_kernels[] = {outer_12x2, outer_6x2, outer_3x2, outer_2x2, outer_1x2};
static outer_kernel *const outer_wide_kernels[] = {outer_6x4, outer_5x4, outer_4x4, outer_3x4, outer_2x4, outer_1x4};
static const outer_family outer_families[] = {{4, wide_rows, outer_wide_kernels},
                                              {2, middle_rows, outer_middle_kernels},
                                              {1, narrow_rows, outer_narrow_kernels}};
#else
OUTER_TILE(1, 2) OUTER_TILE(2, 2) OUTER_TILE(4, 2) OUTER_TILE(6, 2)
static outer_kernel *const outer_middle_kernels[] = {outer_6x2, outer_4x2, outer_2x2, outer_1x2};
static const outer_family outer_families[] = {{2, middle_rows, outer_middle_kernels},
                                              {1, narrow_rows, outer_narrow_kernels}};
#endif
static const outer_family outer_part_family = {1, narrow_rows, outer_part_kernels};

/// What of the left matrix becomes rows of the result.
typedef struct {
  long segments, segment_stride, k;
} outer_shape;

static void outer_panel(const outer_family *family, const row_pairs *pairs, const outer_shape *s, long b_offset,
                        int accumulate, float *c, long ldc, long part) {
  for (long segment = 0; segment < s->segments; segment++) {
    long from = 0;
    int kernel = 0;
    while (from < s->k) {
      while (family->rows[kernel] > s->k - from) kernel++;
      family->kernels[kernel](pairs, segment * s->segment_stride + from, b_offset, c + (segment * s->k + from) * ldc,
                              ldc, accumulate, part);
      from += family->rows[kernel];
    }
  }
}

/// Rows that are used over and over before the next ones: 64 columns of them stay in the first-level cache.
enum { BLOCK_ROWS = 128 };

static void outer(const ck_rows *a, long segments, long segment_stride, long k, const ck_rows *b, int accumulate,
                  float *c, long ldc, long m, long n) {
  const outer_shape s = {segments, segment_stride, k};
  for (long first = 0; first < m; first += BLOCK_ROWS) {
    const long rows = m - first < BLOCK_ROWS ? m - first : BLOCK_ROWS;
    const row_pairs pairs = {a, b, start_at(a, first), start_at(b, first), rows};
    const outer_family *family = outer_families;
    long column = 0;
    for (; column + WIDTH <= n; column += family->vectors * WIDTH) {
      while (family->vectors * WIDTH > n - column) family++;
      outer_panel(family, &pairs, &s, column, accumulate, c + column, ldc, 0);
    }
    if (column < n) outer_panel(&outer_part_family, &pairs, &s, column, accumulate, c + column, ldc, n - column);
    accumulate = 1;
  }
}
