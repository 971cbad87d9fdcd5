// Linear softmax classifiers: logits, loss and gradient. A row of classes is one vector or several, so nothing is
// transposed and ten classes cost as much as sixteen.

// Rows that share one pass over the weights, and columns of the gradient kept in registers: as many as the set's
// registers hold.
TARGET static void NAMED(dense_logits)(const cvectormath_rows *rows, const float *weights, const float *biases,
                                       long lanes, float *logits) {
  const long width = rows->width;
  for (long lane = 0; lane < lanes; lane += 16) {
    long r = 0;
    for (; r + TILE <= rows->rows; r += TILE) {
      const float *x = rows->values + r * width;
      float16 sums[TILE];
      for (int t = 0; t < TILE; t++) LOAD(sums[t], biases + lane);
      for (long k = 0; k < width; k++) {
        float16 w;
        LOAD(w, weights + k * lanes + lane);
#pragma clang loop unroll(full)
        for (int t = 0; t < TILE; t++) sums[t] += x[t * width + k] * w;
      }
      for (int t = 0; t < TILE; t++) STORE(logits + (r + t) * lanes + lane, sums[t]);
    }
    for (; r < rows->rows; r++) {
      const float *x = rows->values + r * width;
      float16 sum;
      LOAD(sum, biases + lane);
      for (long k = 0; k < width; k++) {
        float16 w;
        LOAD(w, weights + k * lanes + lane);
        sum += x[k] * w;
      }
      STORE(logits + r * lanes + lane, sum);
    }
  }
}

// Four sums a row: each waits for its last addition while the others go on.
TARGET static void NAMED(sparse_logits)(const cvectormath_rows *rows, const float *weights, const float *biases,
                                        long lanes, float *logits) {
  for (long r = 0; r < rows->rows; r++) {
    const int64_t end = rows->starts[r + 1];
    for (long lane = 0; lane < lanes; lane += 16) {
      float16 a, b = 0.0f, c = 0.0f, d = 0.0f, w;
      LOAD(a, biases + lane);
      const float *base = weights + lane;
      int64_t e = rows->starts[r];
      for (; e + 4 <= end; e += 4) {
        LOAD(w, base + rows->columns[e] * lanes);
        a += rows->values[e] * w;
        LOAD(w, base + rows->columns[e + 1] * lanes);
        b += rows->values[e + 1] * w;
        LOAD(w, base + rows->columns[e + 2] * lanes);
        c += rows->values[e + 2] * w;
        LOAD(w, base + rows->columns[e + 3] * lanes);
        d += rows->values[e + 3] * w;
      }
      for (; e < end; e++) {
        LOAD(w, base + rows->columns[e] * lanes);
        a += rows->values[e] * w;
      }
      a = (a + b) + (c + d);
      STORE(logits + r * lanes + lane, a);
    }
  }
}

TARGET static void NAMED(logits)(const cvectormath_rows *rows, const float *weights, const float *biases, long lanes,
                                 float *logits) {
  if (rows->starts != NULL) {
    NAMED(sparse_logits)(rows, weights, biases, lanes, logits);
  } else {
    NAMED(dense_logits)(rows, weights, biases, lanes, logits);
  }
}

TARGET static double NAMED(softmax_loss)(float *logits, const int32_t *labels, long rows, long classes, long lanes,
                                         long *correct) {
  double loss = 0;
  long hits = 0;
  for (long r = 0; r < rows; r++) {
    float *row = logits + r * lanes;
    const long label = labels[r];
    const float own = row[label];
    long top = 0;
    for (long c = 1; c < classes; c++) {
      if (row[c] > row[top]) top = c;
    }
    const float largest = row[top];
    hits += top == label;
    for (long c = classes; c < lanes; c++) row[c] = -__builtin_inff();
    float sum = 0;
    for (long c = 0; c < lanes; c += 16) {
      float16 x;
      LOAD(x, row + c);
      x -= largest;
      // exp16 ends at −87, which is not 0: the lanes behind the last class are put out by hand.
      int16 real = x > -__builtin_inff();
      NAMED(exp16)(&x);
      x = real ? x : (float16)0.0f;
      STORE(row + c, x);
      float8 s = x.lo + x.hi;
      sum += ((s.s0 + s.s4) + (s.s1 + s.s5)) + ((s.s2 + s.s6) + (s.s3 + s.s7));
    }
    loss += __builtin_log((double)sum) - ((double)own - largest);
    const float scale = 1 / sum;
    for (long c = 0; c < lanes; c += 16) {
      float16 x;
      LOAD(x, row + c);
      x *= scale;
      STORE(row + c, x);
    }
    row[label] -= 1;
  }
  *correct += hits;
  return loss;
}

TARGET static void NAMED(dense_accumulate)(const cvectormath_rows *rows, const float *residuals, long lanes,
                                           float *gradient) {
  const long width = rows->width;
  for (long lane = 0; lane < lanes; lane += 16) {
    long k = 0;
    for (; k + TILE <= width; k += TILE) {
      float16 sums[TILE];
      for (int t = 0; t < TILE; t++) LOAD(sums[t], gradient + (k + t) * lanes + lane);
      for (long r = 0; r < rows->rows; r++) {
        const float *x = rows->values + r * width + k;
        float16 p;
        LOAD(p, residuals + r * lanes + lane);
#pragma clang loop unroll(full)
        for (int t = 0; t < TILE; t++) sums[t] += x[t] * p;
      }
      for (int t = 0; t < TILE; t++) STORE(gradient + (k + t) * lanes + lane, sums[t]);
    }
    for (; k < width; k++) {
      float16 sum, p;
      LOAD(sum, gradient + k * lanes + lane);
      for (long r = 0; r < rows->rows; r++) {
        LOAD(p, residuals + r * lanes + lane);
        sum += rows->values[r * width + k] * p;
      }
      STORE(gradient + k * lanes + lane, sum);
    }
  }
}

TARGET static void NAMED(sparse_accumulate)(const cvectormath_rows *rows, const float *residuals, long lanes,
                                            float *gradient) {
  for (long r = 0; r < rows->rows; r++) {
    const int64_t end = rows->starts[r + 1];
    for (long lane = 0; lane < lanes; lane += 16) {
      float16 p, g;
      LOAD(p, residuals + r * lanes + lane);
      for (int64_t e = rows->starts[r]; e < end; e++) {
        float *place = gradient + rows->columns[e] * lanes + lane;
        LOAD(g, place);
        g += rows->values[e] * p;
        STORE(place, g);
      }
    }
  }
}

TARGET static void NAMED(accumulate)(const cvectormath_rows *rows, const float *residuals, long lanes,
                                     float *gradient) {
  if (rows->starts != NULL) {
    NAMED(sparse_accumulate)(rows, residuals, lanes, gradient);
  } else {
    NAMED(dense_accumulate)(rows, residuals, lanes, gradient);
  }
}
