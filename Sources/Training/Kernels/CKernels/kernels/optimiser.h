// Update rules: one pass over parameters, gradients and state.

static void adam(float *parameters, const float *gradients, float *m, float *v, long count, const ck_adam_rule *rule) {
  const float rest1 = 1 - rule->beta1;
  const float rest2 = 1 - rule->beta2;
  const float kept = 1 - rule->decay;
  FOR_VECTORS(count, {
    const vfloat g = LOAD(gradients);
    const vfloat m0 = LOAD(m);
    const vfloat v0 = LOAD(v);
    const vfloat first = m0 + rest1 * (g - m0);
    const vfloat second = v0 + rest2 * (g * g - v0);
    SAVE(m, first);
    SAVE(v, second);
    SAVE(parameters, LOAD(parameters) * kept - rule->rate * first / (root(second) + rule->epsilon));
  });
}

static void momentum(float *parameters, const float *gradients, float *velocity, long count, float rate, float share,
                     int nesterov) {
  FOR_VECTORS(count, {
    const vfloat slope = rate * LOAD(gradients);
    const vfloat step = share * LOAD(velocity) - slope;
    SAVE(velocity, step);
    SAVE(parameters, LOAD(parameters) + (nesterov ? share * step - slope : step));
  });
}

static void descend(float *parameters, const float *gradients, long count, float rate) {
  FOR_VECTORS(count, SAVE(parameters, LOAD(parameters) - rate * LOAD(gradients)););
}

static void rmsprop(float *parameters, const float *gradients, float *mean, float *velocity, long count,
                    const ck_rmsprop_rule *rule) {
  const float rest = 1 - rule->rho;
  FOR_VECTORS(count, {
    const vfloat g = LOAD(gradients);
    const vfloat square = rule->rho * LOAD(mean) + rest * (g * g);
    vfloat step = rule->rate * g / root(square + rule->epsilon);
    SAVE(mean, square);
    if (velocity != NULL) {
      step = rule->momentum * LOAD(velocity) + step;
      SAVE(velocity, step);
    }
    SAVE(parameters, LOAD(parameters) - step);
  });
}
