// A variant: its file defines WIDTH, tile sizes, VARIANT and VARIANT_NAME, then includes this.

#include <stddef.h>

#include "../include/CKernels.h"

#include "vector.h"
// Order matters: each uses what those before it define.
#include "product.h"
#include "outer.h"
#include "elementwise.h"
#include "pool.h"
#include "lstm.h"
#include "optimiser.h"

const ck_variant VARIANT = {VARIANT_NAME, product,       outer,       transpose,    column_sums,   activate,
                              activate_backward, softmax,  dropout,     scale_bytes,  add,           pool,
                              pool_backward,     lstm_forward, lstm_backward, adam,   momentum,      descend,
                              rmsprop};
