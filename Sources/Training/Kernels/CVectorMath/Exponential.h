// exp for 16 values. Included once for each instruction set, like the other bodies; NAMED adds the set to a name.

// exp(x) = 2^n · exp(r) with n the integer nearest to x/ln 2. ln 2 is subtracted in two parts (Cody and Waite), the
// first with so few bits that n times it is exact; exp(r), |r| ≤ ln 2 / 2, is its Taylor series to r⁷ (error 6e-9).
INLINE void NAMED(exp16)(float16 *value) {
  float16 x = *value;
  x = x < -87.0f ? (float16)-87.0f : x;
  x = x > 88.0f ? (float16)88.0f : x;
  // Adding 1.5·2²³ leaves no bits behind the point: the sum is rounded to an integer.
  const float16 shift = 12582912.0f;
  float16 n = x * 1.44269504f + shift;
  n -= shift;
  float16 r = x - n * 0.693359375f;
  r -= n * -2.12194440e-4f;
  float16 p = (float16)(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int16 power = (__builtin_convertvector(n, int16) + 127) << 23;
  float16 scale;
  memcpy(&scale, &power, sizeof scale);
  *value = p * scale;
}

TARGET static void NAMED(exp)(float *values, long count) {
  for (long i = 0; i < count; i += 16) {
    long rest = count - i < 16 ? count - i : 16;
    float16 x = 0.0f;
    memcpy(&x, values + i, (size_t)rest * sizeof(float));
    NAMED(exp16)(&x);
    memcpy(values + i, &x, (size_t)rest * sizeof(float));
  }
}
