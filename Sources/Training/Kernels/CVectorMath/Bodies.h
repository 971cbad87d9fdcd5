// All bodies for one instruction set: SET names it, TILE is how many 16-wide sums its registers hold. No include guard:
// this file is meant to be included once for each set.

#define JOINED_(name, set) name##_##set
#define JOINED(name, set) JOINED_(name, set)
#define NAMED(name) JOINED(name, SET)
#define TARGET

#include "Doubles.h"
#include "Exponential.h"
#include "KernelValues.h"
#include "Minimal.h"
#include "Softmax.h"

static const cvectormath_functions NAMED(functions) = {
    NAMED(exp), NAMED(rbf), NAMED(polynomial), NAMED(sigmoid),      NAMED(add_rows),   NAMED(dot),
    NAMED(add), NAMED(smo), NAMED(logits),     NAMED(softmax_loss), NAMED(accumulate),
};

#undef TARGET
#undef NAMED
#undef JOINED
#undef JOINED_
