#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define WIDTH 8
#define MAX_TILE_ROWS 8
#define MAX_TILE_VECTORS 2
#define VARIANT ck_avx2
#define VARIANT_NAME "AVX2"
#include "kernels/variant.h"
#pragma clang attribute pop
#endif
