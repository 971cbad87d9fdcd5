#define WIDTH 4
#define MAX_TILE_ROWS 8
#define MAX_TILE_VECTORS 2
#define VARIANT ck_baseline
#define VARIANT_NAME "baseline"
#include "kernels/variant.h"
