#ifndef CTREES_H
#define CTREES_H

#include <stddef.h>
#include <stdint.h>

// The inner loops of tree growing: scoring the splits of a node, dividing its rows, transposing a matrix of bins.
//
// They are bound by memory, not by arithmetic, so the baseline's vectors of 16 bytes do. Counts and their squares are
// whole numbers: every machine gives the same answer to the last bit.

/// A matrix of bins, one byte each, by feature: that of a row and a feature is bins[feature·stride + row].
typedef struct {
  const uint8_t *bins;
  size_t stride;
} ctrees_matrix;

/// A node's rows and what they hold. A row is packed as row | class << 32 | weight << 48.
typedef struct {
  const uint64_t *rows;
  size_t count;
  /// Weight by class [stride], zero from `classes` on.
  const uint32_t *totals;
  uint32_t classes;
  /// Classes rounded up to a power of two, at least 8.
  uint32_t stride;
  /// Sum of `totals`.
  uint64_t weight;
  /// Fewest rows (not weight) on either side of a split.
  uint32_t minimum_leaf;
  /// x·log2(x) for x in 0..<`logarithms`; NULL: the criterion is Gini's. Larger x are computed.
  const double *x_log_x;
  size_t logarithms;
} ctrees_node;

/// The best split of one feature: bins up to `bin` go left, from `next` on right; no row is between.
typedef struct {
  /// Larger is better. Gini: Σ left²/left + Σ right²/right. Entropy: Σ x·log2(x) over the classes of both sides, less
  /// that of each side's weight. The decrease in impurity, times weight, is this less the same figure of the node.
  double score;
  /// −1 where every cut leaves fewer than `minimum_leaf` rows on a side, or the feature is constant.
  int32_t bin;
  /// −1 where the feature is constant in the node.
  int32_t next;
} ctrees_split;

/// Bytes of scratch memory that `ctrees_score` needs for nodes of this stride. It must be aligned to 64 bytes and all
/// zero before the first call; every call leaves it so.
size_t ctrees_scratch_size(uint32_t stride);

/// Scores `count` features of a node into `splits`.
void ctrees_score(const ctrees_matrix *matrix, const ctrees_node *node, const uint32_t *features, size_t count,
                  void *scratch, ctrees_split *splits);

/// Reorders `rows` so that those whose bin is at most `bin` come first, both sides in their old order; returns how many
/// those are. `spare` has room for `count` rows; `left` [stride] becomes the weight by class of those that come first.
size_t ctrees_partition(const ctrees_matrix *matrix, uint64_t *rows, size_t count, uint32_t feature, uint8_t bin,
                        uint64_t *spare, uint32_t *left, uint32_t stride);

/// Copies the given packed rows of `source` [rows×width] into `target` [width×stride], by feature: a feature's bins lie
/// in the order of `entries`. `stride` is `count` rounded up to 16 or more; what is in `target` beyond `count` is
/// undefined. Features whose bit in `skipped` is set need not be copied.
void ctrees_gather(const uint8_t *source, size_t width, const uint64_t *entries, size_t count, const uint64_t *skipped,
                   uint8_t *target, size_t stride);

/// Copies the rows first..<first+count of `source` [rows×width] into `target` [width×rows].
void ctrees_transpose(const uint8_t *source, uint8_t *target, size_t rows, size_t width, size_t first, size_t count);

#endif
