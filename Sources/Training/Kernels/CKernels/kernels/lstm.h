// The gates of an LSTM (Hochreiter and Schmidhuber, 1997; with the forget gate of Gers et al., 2000), in Keras's order:
// c' = σ(f)·c + σ(i)·tanh(g), h = σ(o)·tanh(c').

static void lstm_forward(float *gates, const float *before, float *cell, float *cell_tanh, float *hidden, long rows,
                         long units) {
  for (long row = 0; row < rows; row++) {
    float *input = gates + row * 4 * units;
    float *forget = input + units;
    float *candidate = forget + units;
    float *output = candidate + units;
    FOR_VECTORS(units, {
      const vfloat in = sigmoid(LOAD(input));
      const vfloat keep = sigmoid(LOAD(forget));
      const vfloat fresh = hyperbolic_tangent(LOAD(candidate));
      const vfloat out = sigmoid(LOAD(output));
      const vfloat old = before != NULL ? LOAD(before) : (vfloat){0};
      const vfloat now = keep * old + in * fresh;
      const vfloat bounded = hyperbolic_tangent(now);
      SAVE(input, in);
      SAVE(forget, keep);
      SAVE(candidate, fresh);
      SAVE(output, out);
      SAVE(cell, now);
      SAVE(cell_tanh, bounded);
      SAVE(hidden, out * bounded);
    });
    if (before != NULL) before += units;
    cell += units;
    cell_tanh += units;
    hidden += units;
  }
}

static void lstm_backward(float *gates, const float *before, const float *cell_tanh, const float *hidden_gradient,
                          float *cell_gradient, long rows, long units) {
  for (long row = 0; row < rows; row++) {
    float *input = gates + row * 4 * units;
    float *forget = input + units;
    float *candidate = forget + units;
    float *output = candidate + units;
    FOR_VECTORS(units, {
      const vfloat in = LOAD(input);
      const vfloat keep = LOAD(forget);
      const vfloat fresh = LOAD(candidate);
      const vfloat out = LOAD(output);
      const vfloat bounded = LOAD(cell_tanh);
      const vfloat by_hidden = LOAD(hidden_gradient);
      const vfloat old = before != NULL ? LOAD(before) : (vfloat){0};
      const vfloat by_cell = LOAD(cell_gradient) + by_hidden * out * (1.0f - bounded * bounded);
      SAVE(input, by_cell * fresh * (in * (1.0f - in)));
      SAVE(forget, by_cell * old * (keep * (1.0f - keep)));
      SAVE(candidate, by_cell * in * (1.0f - fresh * fresh));
      SAVE(output, by_hidden * bounded * (out * (1.0f - out)));
      SAVE(cell_gradient, by_cell * keep);
    });
    if (before != NULL) before += units;
    cell_tanh += units;
    hidden_gradient += units;
    cell_gradient += units;
  }
}
