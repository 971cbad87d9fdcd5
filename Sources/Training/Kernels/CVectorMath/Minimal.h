// Sequential minimal optimisation on a dense problem that fits the cache.
//
// scratch[0] is 0 where β may grow and +∞ where it may not, scratch[1] likewise for shrinking, scratch[2] holds the
// places as numbers. So "the smallest slope among those that may grow" is a minimum without branches, and only two
// places change in an iteration.

// The largest of `best`, and the place that goes with it.
INLINE double NAMED(largest)(const double *best, const double *places, long *place) {
  int top = 0;
  for (int lane = 1; lane < 8; lane++) {
    if (best[lane] > best[top] || (best[lane] == best[top] && places[lane] < places[top])) top = lane;
  }
  *place = (long)places[top];
  return best[top];
}

INLINE void NAMED(mark)(cvectormath_dual *dual, long i) {
  dual->scratch[0][i] = dual->beta[i] < dual->upper[i] ? 0 : __builtin_inf();
  dual->scratch[1][i] = dual->beta[i] > dual->lower[i] ? 0 : __builtin_inf();
}

TARGET static long NAMED(smo)(cvectormath_dual *dual, double tolerance, long most) {
  const long size = dual->size, stride = dual->stride;
  const long padded = (size + 7) & ~7L;
  double *slope = dual->slope, *diagonal = dual->diagonal;
  double *grow = dual->scratch[0], *shrink = dual->scratch[1], *places = dual->scratch[2];
  for (long i = 0; i < size; i++) NAMED(mark)(dual, i);
  for (long i = size; i < padded; i++) {
    grow[i] = shrink[i] = __builtin_inf();
    slope[i] = 0;
    diagonal[i] = 1;
  }
  for (long i = 0; i < padded; i++) places[i] = (double)i;

  const float *rowI = dual->kernel, *rowJ = dual->kernel;
  double step = 0;
  long taken = 0;
  for (;;) {
    // The last step's change of the slopes, and on the way who violates most.
    double8 lowest = -__builtin_inf(), highest = -__builtin_inf(), lowestPlace = 0.0;
    for (long k = 0; k < padded; k += 8) {
      double8 f, up, down, place;
      float8 ki, kj;
      LOAD(f, slope + k);
      LOAD(up, grow + k);
      LOAD(down, shrink + k);
      LOAD(place, places + k);
      LOAD(ki, rowI + k);
      LOAD(kj, rowJ + k);
      f += step * (__builtin_convertvector(ki, double8) - __builtin_convertvector(kj, double8));
      STORE(slope + k, f);
      double8 above = -f - up, below = f - down;
      long8 better = above > lowest;
      lowest = better ? above : lowest;
      lowestPlace = better ? place : lowestPlace;
      highest = below > highest ? below : highest;
    }
    double best[8], at[8];
    long i, j;
    STORE(best, lowest);
    STORE(at, lowestPlace);
    const double low = -NAMED(largest)(best, at, &i);
    STORE(best, highest);
    const double high = NAMED(largest)(best, at, &j);
    if (!(high - low >= tolerance) || taken >= most) return taken;

    // The partner: of all that may shrink and lie above, the one with the largest decrease of the objective.
    rowI = dual->kernel + i * stride;
    const double own = diagonal[i];
    double8 gain = -1.0, gainPlace = 0.0;
    for (long k = 0; k < padded; k += 8) {
      double8 f, down, d, place;
      float8 ki;
      LOAD(f, slope + k);
      LOAD(down, shrink + k);
      LOAD(d, diagonal + k);
      LOAD(place, places + k);
      LOAD(ki, rowI + k);
      double8 difference = f - low;
      double8 curvature = own + d - 2.0 * __builtin_convertvector(ki, double8);
      curvature = curvature > 1e-12 ? curvature : (double8)1e-12;
      double8 decrease = difference * difference / curvature;
      decrease = difference > down ? decrease : (double8)-1.0;
      long8 better = decrease > gain;
      gain = better ? decrease : gain;
      gainPlace = better ? place : gainPlace;
    }
    STORE(best, gain);
    STORE(at, gainPlace);
    NAMED(largest)(best, at, &j);
    rowJ = dual->kernel + j * stride;

    double curvature = own + diagonal[j] - 2.0 * rowI[j];
    if (!(curvature > 1e-12)) curvature = 1e-12;
    const double room = dual->upper[i] - dual->beta[i], stock = dual->beta[j] - dual->lower[j];
    step = (slope[j] - low) / curvature;
    if (step > room) step = room;
    if (step > stock) step = stock;
    // At a bound exactly, whatever the sum would round to.
    dual->beta[i] = step == room ? dual->upper[i] : dual->beta[i] + step;
    dual->beta[j] = step == stock ? dual->lower[j] : dual->beta[j] - step;
    NAMED(mark)(dual, i);
    NAMED(mark)(dual, j);
    taken++;
  }
}
