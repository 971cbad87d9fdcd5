// Vectors of WIDTH floats by the compiler's vector extension, and the few operations it lacks.

typedef float vfloat __attribute__((vector_size(4 * WIDTH)));
typedef int32_t vint __attribute__((vector_size(4 * WIDTH)));
typedef uint32_t vuint __attribute__((vector_size(4 * WIDTH)));
typedef uint8_t vbyte __attribute__((vector_size(WIDTH)));
typedef float vfloat_anywhere __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));
typedef uint8_t vbyte_anywhere __attribute__((vector_size(WIDTH), aligned(1), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE vfloat load(const float *p) { return *(const vfloat_anywhere *)p; }
INLINE void store(float *p, vfloat v) { *(vfloat_anywhere *)p = v; }
INLINE vfloat all(float x) { return x - (vfloat){0}; }

/// The first `n` < WIDTH floats, zeros behind them.
INLINE vfloat load_part(const float *p, long n) {
#if WIDTH == 16
  return (vfloat)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#else
  vfloat v = {0};
  for (long i = 0; i < n; i++) v[i] = p[i];
  return v;
#endif
}

INLINE void store_part(float *p, vfloat v, long n) {
#if WIDTH == 16
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#else
  for (long i = 0; i < n; i++) p[i] = v[i];
#endif
}

INLINE vfloat choose(vint mask, vfloat yes, vfloat no) {
  return (vfloat)((mask & (vint)yes) | (~mask & (vint)no));
}

/// NaN in `a` stays.
INLINE vfloat larger(vfloat a, vfloat b) { return choose(b > a, b, a); }

INLINE vfloat root(vfloat x) {
#if WIDTH == 16
  return (vfloat)_mm512_sqrt_ps((__m512)x);
#elif WIDTH == 8
  return (vfloat)_mm256_sqrt_ps((__m256)x);
#else
  vfloat r;
  for (int i = 0; i < WIDTH; i++) r[i] = __builtin_sqrtf(x[i]);
  return r;
#endif
}

/// e^x within a relative error of 3e-7 for x in [−87, 88], held there outside; NaN stays NaN. x = n·ln 2 + r with |r| ≤ ln 2 / 2 (ln 2 in
/// two parts so that r is exact), e^r by a polynomial of degree 6 with Taylor's coefficients, 2^n by the exponent's bits.
INLINE vfloat exponential(vfloat x) {
  x = choose(x < all(-87.0f), all(-87.0f), x);
  x = choose(x > all(88.0f), all(88.0f), x);
  // Adding 1.5·2^23 leaves the nearest integer in the low bits of the mantissa.
  const vfloat magic = all(12582912.0f);
  const vfloat shifted = x * 1.44269504f + magic;
  const vfloat n = shifted - magic;
  vfloat r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vfloat p = r * (1.0f / 720) + (1.0f / 120);
  p = p * r + (1.0f / 24);
  p = p * r + (1.0f / 6);
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const vint whole = (vint)shifted - (vint)magic;
  return p * (vfloat)((whole + 127) << 23);
}

INLINE vfloat sigmoid(vfloat x) { return 1.0f / (1.0f + exponential(-x)); }
INLINE vfloat hyperbolic_tangent(vfloat x) { return 1.0f - 2.0f / (1.0f + exponential(2.0f * x)); }
