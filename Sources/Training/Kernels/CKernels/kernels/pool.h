// Max-pooling of images that lie line by line, channels innermost: a vector is a run of channels.

static void pool(float *out, uint8_t *which, const float *in, long line, long height, long width, long channels,
                 long size) {
  for (long y = 0; y < height; y++) {
    for (long x = 0; x < width; x++) {
      const float *window = in + (y * size * line + x * size) * channels;
      FOR_VECTORS(channels, {
        vfloat best = LOAD(window);
        vint chosen = {0};
        for (long cell = 1; cell < size * size; cell++) {
          const vfloat value = LOAD(window + (cell / size * line + cell % size) * channels);
          const vint better = value > best;
          best = choose(better, value, best);
          chosen = (better & (int32_t)cell) | (~better & chosen);
        }
        SAVE(out, best);
        if (part > 0) {
          for (long lane = 0; lane < part; lane++) which[i + lane] = (uint8_t)chosen[lane];
        } else {
          *(vbyte_anywhere *)(which + i) = __builtin_convertvector(chosen, vbyte);
        }
      });
      out += channels;
      which += channels;
    }
  }
}

static void pool_backward(float *in_gradient, const uint8_t *which, const float *out_gradient, const float *output,
                          float *sums, long line, long height, long width, long channels, long size) {
  for (long y = 0; y < height; y++) {
    for (long x = 0; x < width; x++) {
      float *window = in_gradient + (y * size * line + x * size) * channels;
      FOR_VECTORS(channels, {
        vfloat gradient = LOAD(out_gradient);
        if (output != NULL) gradient = choose(LOAD(output) > 0.0f, gradient, (vfloat){0});
        if (sums != NULL) SAVE(sums, LOAD(sums) + gradient);
        vint chosen = {0};
        if (part > 0) {
          for (long lane = 0; lane < part; lane++) chosen[lane] = which[i + lane];
        } else {
          chosen = __builtin_convertvector(*(const vbyte_anywhere *)(which + i), vint);
        }
        for (long cell = 0; cell < size * size; cell++) {
          const vfloat share = choose(chosen == (int32_t)cell, gradient, (vfloat){0});
          SAVE(window + (cell / size * line + cell % size) * channels, share);
        }
      });
      out_gradient += channels;
      which += channels;
      if (output != NULL) output += channels;
    }
  }
}
