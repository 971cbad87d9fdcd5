#include "CTrees.h"

#include <string.h>

size_t ctrees_partition(const ctrees_matrix *matrix, uint64_t *rows, size_t count, uint32_t feature, uint8_t bin,
                        uint64_t *spare, uint32_t *left, uint32_t stride) {
  memset(left, 0, stride * sizeof(uint32_t));
  const uint8_t *column = matrix->bins + feature * matrix->stride;
  size_t kept = 0, moved = 0;
  for (size_t i = 0; i < count; i++) {
    const uint64_t row = rows[i];
    const size_t goes = column[(uint32_t)row] <= bin;
    // Both are written and one of them counts: a branch here would be guessed wrong half of the time.
    rows[kept] = row;
    spare[moved] = row;
    left[(row >> 32) & 0xFFFF] += (uint32_t)(row >> 48) & (uint32_t)-(int32_t)goes;
    kept += goes;
    moved += 1 - goes;
  }
  memcpy(rows + kept, spare, moved * sizeof(uint64_t));
  return kept;
}

typedef uint8_t ctrees_bytes __attribute__((vector_size(16), aligned(1)));

// Two vectors with their bytes taken in turn: first their lower halves, then their upper ones.
#define CTREES_LOWER(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define CTREES_UPPER(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

// Rows that are transposed together: a column of them is a cache line.
#define CTREES_BLOCK 64

// Transposes 16×16 bytes: four rounds that interleave row i with row i+8, as a perfect shuffle of 256 bytes does.
static inline __attribute__((always_inline)) void ctrees_transpose_tile(const uint8_t *const *rows, size_t column,
                                                                        uint8_t *target, size_t stride) {
  ctrees_bytes a[16], b[16];
  for (int i = 0; i < 16; i++) a[i] = *(const ctrees_bytes *)(rows[i] + column);
#pragma clang loop unroll(full)
  for (int round = 0; round < 4; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
      b[2 * i] = CTREES_LOWER(a[i], a[i + 8]);
      b[2 * i + 1] = CTREES_UPPER(a[i], a[i + 8]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) a[i] = b[i];
  }
  for (int i = 0; i < 16; i++) *(ctrees_bytes *)(target + (size_t)i * stride) = a[i];
}

// Transposes up to 64 rows at the given places; `target`, `stride` and `skipped` as in `ctrees_gather`.
static void ctrees_transpose_rows(const uint8_t *const rows[CTREES_BLOCK], size_t height, size_t width,
                                  const uint64_t *skipped, uint8_t *target, size_t stride) {
  size_t column = 0;
  for (; column + 16 <= width; column += 16) {
    if (skipped && ((skipped[column / 64] >> (column % 64)) & 0xFFFF) == 0xFFFF) continue;
    for (size_t row = 0; row < height; row += 16)
      ctrees_transpose_tile(rows + row, column, target + column * stride + row, stride);
  }
  for (; column < width; column++)
    for (size_t row = 0; row < height; row++) target[column * stride + row] = rows[row][column];
}

void ctrees_gather(const uint8_t *source, size_t width, const uint64_t *entries, size_t count, const uint64_t *skipped,
                   uint8_t *target, size_t stride) {
  const uint8_t *rows[CTREES_BLOCK];
  for (size_t first = 0; first < count; first += CTREES_BLOCK) {
    // The last tile is filled up with its last row: there is room for it, and nobody reads it.
    for (size_t i = 0; i < CTREES_BLOCK; i++) {
      const size_t place = first + i < count ? first + i : count - 1;
      rows[i] = source + (size_t)(uint32_t)entries[place] * width;
      // Rows lie anywhere: ask for all their lines at once, or the transposition would wait for each in turn.
      for (size_t line = 0; line < width; line += 64) __builtin_prefetch(rows[i] + line);
    }
    const size_t height = count - first < CTREES_BLOCK ? (count - first + 15) / 16 * 16 : CTREES_BLOCK;
    ctrees_transpose_rows(rows, height, width, skipped, target + first, stride);
  }
}

void ctrees_transpose(const uint8_t *source, uint8_t *target, size_t rows, size_t width, size_t first, size_t count) {
  const uint8_t *places[CTREES_BLOCK];
  size_t row = first;
  for (; row + CTREES_BLOCK <= first + count; row += CTREES_BLOCK) {
    for (size_t i = 0; i < CTREES_BLOCK; i++) places[i] = source + (row + i) * width;
    ctrees_transpose_rows(places, CTREES_BLOCK, width, NULL, target + row, rows);
  }
  for (; row < first + count; row++)
    for (size_t column = 0; column < width; column++) target[column * rows + row] = source[row * width + column];
}
