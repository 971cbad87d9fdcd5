#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(                                                                                       \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512cd,avx2,fma"))), apply_to = function)
#define WIDTH 16
#define MAX_TILE_ROWS 12
#define MAX_TILE_VECTORS 4
#define VARIANT ck_avx512
#define VARIANT_NAME "AVX-512"
#include "kernels/variant.h"
#pragma clang attribute pop
#endif
