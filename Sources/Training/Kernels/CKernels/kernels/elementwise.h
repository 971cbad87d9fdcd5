// One pass over every element of something. Tails go through the same vector code as the rest.

/// Runs `BODY`, an expression of `i`, over all elements: LOAD and SAVE stand for whole vectors, then for the tail.
#define FOR_VECTORS(count, BODY)                           \
  do {                                                     \
    long i = 0;                                            \
    for (; i + WIDTH <= (count); i += WIDTH) {             \
      const long part = 0;                                 \
      (void)part;                                          \
      BODY                                                 \
    }                                                      \
    if (i < (count)) {                                     \
      const long part = (count)-i;                         \
      BODY                                                 \
    }                                                      \
  } while (0)
#define LOAD(p) (part > 0 ? load_part((p) + i, part) : load((p) + i))
#define SAVE(p, v) (part > 0 ? store_part((p) + i, v, part) : store((p) + i, v))

static void transpose(float *out, long ldo, const float *in, long rows, long columns) {
  for (long r0 = 0; r0 < rows; r0 += 16) {
    const long r1 = r0 + 16 < rows ? r0 + 16 : rows;
    for (long c = 0; c < columns; c++) {
      for (long r = r0; r < r1; r++) out[c * ldo + r] = in[r * columns + c];
    }
  }
}

static void add(float *sums, const float *values, long count) {
  FOR_VECTORS(count, SAVE(sums, LOAD(sums) + LOAD(values)););
}

static void column_sums(float *sums, const float *matrix, long rows, long n, int accumulate) {
  FOR_VECTORS(n, {
    vfloat sum = accumulate ? LOAD(sums) : (vfloat){0};
    for (long row = 0; row < rows; row++) sum += LOAD(matrix + row * n);
    SAVE(sums, sum);
  });
}

static void activate(int activation, float *out, const float *in, long count) {
  switch (activation) {
  case CK_RELU: FOR_VECTORS(count, SAVE(out, larger(LOAD(in), (vfloat){0}));); break;
  case CK_TANH: FOR_VECTORS(count, SAVE(out, hyperbolic_tangent(LOAD(in)));); break;
  case CK_SIGMOID: FOR_VECTORS(count, SAVE(out, sigmoid(LOAD(in)));); break;
  default: FOR_VECTORS(count, SAVE(out, LOAD(in));); break;
  }
}

static void activate_backward(int activation, float *in_gradient, const float *out_gradient, const float *output,
                              long count) {
  switch (activation) {
  case CK_RELU:
    FOR_VECTORS(count, SAVE(in_gradient, choose(LOAD(output) > 0.0f, LOAD(out_gradient), (vfloat){0})););
    break;
  case CK_TANH:
    FOR_VECTORS(count, {
      const vfloat y = LOAD(output);
      SAVE(in_gradient, LOAD(out_gradient) * (1.0f - y * y));
    });
    break;
  case CK_SIGMOID:
    FOR_VECTORS(count, {
      const vfloat y = LOAD(output);
      SAVE(in_gradient, LOAD(out_gradient) * (y * (1.0f - y)));
    });
    break;
  default: FOR_VECTORS(count, SAVE(in_gradient, LOAD(out_gradient));); break;
  }
}

static void softmax(float *logits, long rows, long classes) {
  for (long row = 0; row < rows; row++) {
    float *p = logits + row * classes;
    float top = p[0];
    for (long j = 1; j < classes; j++) top = p[j] > top ? p[j] : top;
    FOR_VECTORS(classes, SAVE(p, exponential(LOAD(p) - top)););
    float sum = 0;
    for (long j = 0; j < classes; j++) sum += p[j];
    const float scale = 1 / sum;
    FOR_VECTORS(classes, SAVE(p, LOAD(p) * scale););
  }
}

static void dropout(float *out, const float *in, long count, uint32_t first, uint32_t key, uint32_t threshold,
                    float scale) {
  vuint place;
  for (int lane = 0; lane < WIDTH; lane++) place[lane] = first + (uint32_t)lane;
  FOR_VECTORS(count, {
    vuint hash = (place * 0x9E3779B9u) ^ key;
    hash ^= hash >> 16;
    hash *= 0x85EBCA6Bu;
    hash ^= hash >> 13;
    hash *= 0xC2B2AE35u;
    hash ^= hash >> 16;
    SAVE(out, choose(hash < threshold, (vfloat){0}, LOAD(in) * scale));
    place += WIDTH;
  });
}

static void scale_bytes(float *out, const uint8_t *bytes, long count, float scale) {
  long i = 0;
  for (; i + WIDTH <= count; i += WIDTH)
    store(out + i, __builtin_convertvector(*(const vbyte_anywhere *)(bytes + i), vfloat) * scale);
  for (; i < count; i++) out[i] = (float)bytes[i] * scale;
}
