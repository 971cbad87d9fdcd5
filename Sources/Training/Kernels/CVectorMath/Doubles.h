// Sums over long vectors of doubles.

// Two vectors of sums: one would wait for each addition before the next.
TARGET static double NAMED(dot)(const double *a, const double *b, long count) {
  double8 even = 0.0, odd = 0.0, x, y;
  long i = 0;
  for (; i + 16 <= count; i += 16) {
    LOAD(x, a + i);
    LOAD(y, b + i);
    even += x * y;
    LOAD(x, a + i + 8);
    LOAD(y, b + i + 8);
    odd += x * y;
  }
  double lanes[8], sum = 0;
  even += odd;
  STORE(lanes, even);
  for (int lane = 0; lane < 8; lane++) sum += lanes[lane];
  for (; i < count; i++) sum += a[i] * b[i];
  return sum;
}

TARGET static void NAMED(add)(double *sums, const double *values, double factor, long count) {
  long i = 0;
  for (; i + 8 <= count; i += 8) {
    double8 sum, value;
    LOAD(sum, sums + i);
    LOAD(value, values + i);
    sum += factor * value;
    STORE(sums + i, sum);
  }
  for (; i < count; i++) sums[i] += factor * values[i];
}
