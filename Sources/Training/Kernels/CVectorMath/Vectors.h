// What the bodies in this directory compute with: vectors as wide as the widest register. Narrower sets split them.
#ifndef CVECTORMATH_VECTORS_H
#define CVECTORMATH_VECTORS_H

#include <string.h>

typedef float float16 __attribute__((ext_vector_type(16)));
typedef int int16 __attribute__((ext_vector_type(16)));
typedef float float8 __attribute__((ext_vector_type(8)));
typedef double double8 __attribute__((ext_vector_type(8)));
typedef long long8 __attribute__((ext_vector_type(8)));

// Loads and stores that need no alignment.
#define LOAD(vector, address) memcpy(&(vector), (address), sizeof(vector))
#define STORE(address, vector) memcpy((address), &(vector), sizeof(vector))

#define INLINE static inline __attribute__((always_inline))

#endif
