// Matrix products on tiles of registers. A tile of the result stays in registers while k runs; the left matrix is read a
// number at a time and spread over a vector, the right one a vector at a time. No packing: the right matrices of layers
// are small enough for the second-level cache.

/// Walks over the rows that a `ck_rows` describes.
typedef struct {
  const float *line_start, *block_start, *at;
  long i, j;
} cursor;

INLINE cursor start(const ck_rows *rows) { return (cursor){rows->base, rows->base, rows->base, 0, 0}; }

INLINE void next_line(cursor *c, const ck_rows *rows) {
  c->i = 0;
  c->line_start += rows->middle_stride;
  if (++c->j == rows->middle) {
    c->j = 0;
    c->block_start += rows->outer_stride;
    c->line_start = c->block_start;
  }
  c->at = c->line_start;
}

INLINE void next_row(cursor *c, const ck_rows *rows) {
  c->at += rows->inner_stride;
  if (++c->i == rows->inner) next_line(c, rows);
}

/// What a tile of a product needs besides its place.
typedef struct {
  long segments, segment_stride, k, ldb, ldc;
  int accumulate, relu;
} product_shape;

/// c[MR×(NR·WIDTH)] for the rows `a`; of the last vector only `part` columns when that is not 0.
INLINE void product_tile(const int MR, const int NR, const float *const *a, const float *b, const float *bias, float *c,
                         const product_shape *s, const long part) {
  vfloat sum[MAX_TILE_ROWS][MAX_TILE_VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < MR; r++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < NR; j++) {
      const float *from = s->accumulate ? c + r * s->ldc + j * WIDTH : bias ? bias + j * WIDTH : NULL;
      sum[r][j] = from == NULL ? (vfloat){0} : part > 0 && j == NR - 1 ? load_part(from, part) : load(from);
    }
  }
  for (long segment = 0; segment < s->segments; segment++) {
    const long offset = segment * s->segment_stride;
    const float *row[MAX_TILE_ROWS];
#pragma clang loop unroll(full)
    for (int r = 0; r < MR; r++) row[r] = a[r] + offset;
    for (long k = 0; k < s->k; k++) {
      vfloat right[MAX_TILE_VECTORS];
#pragma clang loop unroll(full)
      for (int j = 0; j < NR; j++)
        right[j] = part > 0 && j == NR - 1 ? load_part(b + j * WIDTH, part) : load(b + j * WIDTH);
#pragma clang loop unroll(full)
      for (int r = 0; r < MR; r++) {
        const vfloat left = all(row[r][k]);
#pragma clang loop unroll(full)
        for (int j = 0; j < NR; j++) sum[r][j] = left * right[j] + sum[r][j];
      }
      b += s->ldb;
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < MR; r++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < NR; j++) {
      const vfloat value = s->relu ? larger(sum[r][j], (vfloat){0}) : sum[r][j];
      if (part > 0 && j == NR - 1)
        store_part(c + r * s->ldc + j * WIDTH, value, part);
      else
        store(c + r * s->ldc + j * WIDTH, value);
    }
  }
}

typedef void product_kernel(const float *const *a, const float *b, const float *bias, float *c, const product_shape *s,
                            long part);

#define PRODUCT_TILE(MR, NR)                                                                                        \
  static void product_##MR##x##NR(const float *const *a, const float *b, const float *bias, float *c,               \
                                  const product_shape *s, long part) {                                              \
    (void)part;                                                                                                     \
    product_tile(MR, NR, a, b, bias, c, s, 0);                                                                      \
  }
#define PRODUCT_PART(MR)                                                                                            \
  static void product_##MR##_part(const float *const *a, const float *b, const float *bias, float *c,               \
                                  const product_shape *s, long part) {                                              \
    product_tile(MR, 1, a, b, bias, c, s, part);                                                                    \
  }

/// Kernels of one width: for the most rows first, the last for one row.
typedef struct {
  int vectors;
  const int *rows;
  product_kernel *const *kernels;
} product_family;

PRODUCT_TILE(1, 1) PRODUCT_TILE(2, 1) PRODUCT_TILE(4, 1) PRODUCT_TILE(8, 1)
PRODUCT_PART(1) PRODUCT_PART(2) PRODUCT_PART(4) PRODUCT_PART(8)
static const int narrow_rows[] = {8, 4, 2, 1};
static product_kernel *const narrow_kernels[] = {product_8x1, product_4x1, product_2x1, product_1x1};
static product_kernel *const part_kernels[] = {product_8_part, product_4_part, product_2_part, product_1_part};
#if WIDTH == 16
PRODUCT_TILE(1, 2) PRODUCT_TILE(2, 2) PRODUCT_TILE(3, 2) PRODUCT_TILE(6, 2) PRODUCT_TILE(12, 2)
PRODUCT_TILE(1, 4) PRODUCT_TILE(2, 4) PRODUCT_TILE(3, 4) PRODUCT_TILE(4, 4) PRODUCT_TILE(5, 4) PRODUCT_TILE(6, 4)
static const int middle_rows[] = {12, 6, 3, 2, 1};
static product_kernel *const middle_kernels[] = {product_12x2, product_6x2, product_3x2, product_2x2, product_1x2};
static const int wide_rows[] = {6, 5, 4, 3, 2, 1};
static product_kernel *const wide_kernels[] = {product_6x4, product_5x4, product_4x4,
                                               product_3x4, product_2x4, product_1x4};
static const product_family product_families[] = {{4, wide_rows, wide_kernels},
                                                  {2, middle_rows, middle_kernels},
                                                  {1, narrow_rows, narrow_kernels}};
#else
PRODUCT_TILE(1, 2) PRODUCT_TILE(2, 2) PRODUCT_TILE(4, 2) PRODUCT_TILE(6, 2)
static const int middle_rows[] = {6, 4, 2, 1};
static product_kernel *const middle_kernels[] = {product_6x2, product_4x2, product_2x2, product_1x2};
static const product_family product_families[] = {{2, middle_rows, middle_kernels},
                                                  {1, narrow_rows, narrow_kernels}};
#endif
static const product_family part_family = {1, narrow_rows, part_kernels};

/// The kernel for the next rows of `m`: the largest, but what is left for the last two is shared evenly where there are
/// kernels for that, because those of few rows read too much for what they compute.
INLINE int next_kernel(const product_family *family, int kernel, long m) {
  const long most = family->rows[0];
  if (m > most && m < 2 * most) {
    const long half = (m + 1) / 2;
    int even = kernel;
    while (family->rows[even] > half) even++;
    if (family->rows[even] == half) return even;
  }
  while (family->rows[kernel] > m) kernel++;
  return kernel;
}

static void product_panel(const product_family *family, const ck_rows *a, long a_offset, const float *b,
                          const float *bias, float *c, const product_shape *s, long m, long part) {
  cursor at = start(a);
  int kernel = 0;
  while (m > 0) {
    kernel = next_kernel(family, kernel, m);
    const int rows = family->rows[kernel];
    const float *left[MAX_TILE_ROWS];
    for (int r = 0; r < rows; r++) {
      left[r] = at.at + a_offset;
      next_row(&at, a);
    }
    family->kernels[kernel](left, b, bias, c, s, part);
    c += rows * s->ldc;
    m -= rows;
  }
}

static void product_columns(const ck_rows *a, long a_offset, const float *b, const float *bias, float *c,
                            const product_shape *s, long m, long n) {
  const product_family *family = product_families;
  while (n >= WIDTH) {
    while (family->vectors * WIDTH > n) family++;
    const long width = family->vectors * WIDTH;
    product_panel(family, a, a_offset, b, bias, c, s, m, 0);
    b += width;
    c += width;
    if (bias != NULL) bias += width;
    n -= width;
  }
  if (n > 0) product_panel(&part_family, a, a_offset, b, bias, c, s, m, n);
}

/// Rows of the right matrix that are used over and over before the next ones: 64 columns of them stay in the cache.
enum { DEPTH = 512 };

static void product(const ck_rows *a, long segments, long segment_stride, long k, const float *b, long ldb,
                    const float *bias, int activation, int accumulate, float *c, long ldc, long m, long n) {
  product_shape s = {segments, segment_stride, k, ldb, ldc, accumulate, activation == CK_RELU};
  if (segments * k <= DEPTH) {
    product_columns(a, 0, b, bias, c, &s, m, n);
    return;
  }
  const long blocks = (k + DEPTH - 1) / DEPTH;
  const long depth = (k + blocks - 1) / blocks;
  s.segments = 1;
  for (long segment = 0; segment < segments; segment++) {
    for (long from = 0; from < k; from += depth) {
      const long row = segment * k + from;
      s.k = k - from < depth ? k - from : depth;
      s.accumulate = accumulate || row > 0;
      s.relu = activation == CK_RELU && row + s.k == segments * k;
      product_columns(a, segment * segment_stride + from, b + row * ldb, bias, c, &s, m, n);
    }
  }
}
