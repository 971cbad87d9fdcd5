// From dot products to the values of a support vector machine's kernels, and sums of kernel rows.

TARGET static void NAMED(rbf)(float *values, const float *norms, float norm, float gamma, long count) {
  long i = 0;
  for (; i + 16 <= count; i += 16) {
    float16 x, n;
    LOAD(x, values + i);
    LOAD(n, norms + i);
    x = n + norm - 2.0f * x;
    // Rounding may push the distance of a row to itself below 0.
    x = x > 0.0f ? x * -gamma : (float16)0.0f;
    NAMED(exp16)(&x);
    STORE(values + i, x);
  }
  if (i < count) {
    float16 x = 0.0f, n = 0.0f;
    size_t rest = (size_t)(count - i) * sizeof(float);
    memcpy(&x, values + i, rest);
    memcpy(&n, norms + i, rest);
    x = n + norm - 2.0f * x;
    x = x > 0.0f ? x * -gamma : (float16)0.0f;
    NAMED(exp16)(&x);
    memcpy(values + i, &x, rest);
  }
}

TARGET static void NAMED(polynomial)(float *values, float gamma, float coef0, int degree, long count) {
  for (long i = 0; i < count; i++) {
    float base = gamma * values[i] + coef0, power = 1;
    for (int d = 0; d < degree; d++) power *= base;
    values[i] = power;
  }
}

// tanh(x) = 1 − 2 / (exp(2x) + 1).
TARGET static void NAMED(sigmoid)(float *values, float gamma, float coef0, long count) {
  for (long i = 0; i < count; i += 16) {
    size_t rest = (size_t)(count - i < 16 ? count - i : 16) * sizeof(float);
    float16 x = 0.0f;
    memcpy(&x, values + i, rest);
    x = 2.0f * (gamma * x + coef0);
    NAMED(exp16)(&x);
    x = 1.0f - 2.0f / (x + 1.0f);
    memcpy(values + i, &x, rest);
  }
}

// Four rows at a time, so that the sums are read and written a quarter as often.
TARGET static void NAMED(add_rows)(double *sums, const float *const *rows, const double *factors, long count,
                                   long length) {
  long r = 0;
  for (; r + 4 <= count; r += 4) {
    const float *a = rows[r], *b = rows[r + 1], *c = rows[r + 2], *d = rows[r + 3];
    double p = factors[r], q = factors[r + 1], s = factors[r + 2], t = factors[r + 3];
    long i = 0;
    for (; i + 8 <= length; i += 8) {
      float8 va, vb, vc, vd;
      double8 sum;
      LOAD(va, a + i);
      LOAD(vb, b + i);
      LOAD(vc, c + i);
      LOAD(vd, d + i);
      LOAD(sum, sums + i);
      sum += p * __builtin_convertvector(va, double8);
      sum += q * __builtin_convertvector(vb, double8);
      sum += s * __builtin_convertvector(vc, double8);
      sum += t * __builtin_convertvector(vd, double8);
      STORE(sums + i, sum);
    }
    for (; i < length; i++) sums[i] = sums[i] + p * a[i] + q * b[i] + s * c[i] + t * d[i];
  }
  for (; r < count; r++) {
    for (long i = 0; i < length; i++) sums[i] += factors[r] * rows[r][i];
  }
}
