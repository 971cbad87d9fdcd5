#ifndef CTEXTSCAN_H
#define CTEXTSCAN_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Finds the bytes that shape CSV text among the 64 at `bytes`: bit i is set where bytes[i] is a comma, a quote, a line
/// feed or a carriage return. All 64 bytes must be readable.
///
/// In C because Swift's vectors have no instruction that gathers a comparison's result into bits. SSE2 is part of every
/// x86-64; elsewhere the compiler makes what it can of the plain loop.
static inline uint64_t ctextscan_mask(const uint8_t *bytes) {
  uint64_t mask = 0;
#if defined(__SSE2__)
  const __m128i comma = _mm_set1_epi8(','), quote = _mm_set1_epi8('"');
  const __m128i feed = _mm_set1_epi8('\n'), carriage = _mm_set1_epi8('\r');
  for (int part = 0; part < 4; part++) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * part));
    const __m128i inner = _mm_or_si128(_mm_cmpeq_epi8(block, comma), _mm_cmpeq_epi8(block, quote));
    const __m128i line = _mm_or_si128(_mm_cmpeq_epi8(block, feed), _mm_cmpeq_epi8(block, carriage));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_or_si128(inner, line)) << (16 * part);
  }
#else
  for (int i = 0; i < 64; i++) {
    const uint8_t byte = bytes[i];
    mask |= (uint64_t)(byte == ',' || byte == '"' || byte == '\n' || byte == '\r') << i;
  }
#endif
  return mask;
}

#endif
