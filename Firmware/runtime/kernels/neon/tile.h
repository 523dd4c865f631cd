// SPDX-License-Identifier: Apache-2.0
//
// Sums of products of a few pixels with a few quads of a matrix: four editions of one contract, for
// cores with and without dot product, in assembly and in C.
#ifndef SHUNT_NEON_TILE_H
#define SHUNT_NEON_TILE_H

#include "matrix.h"

enum {
    /// Quads that are computed together for a single pixel.
    PIXEL_QUADS = SHUNT_NEON_DOT ? 4 : 2,
    /// Quads that are computed together for four pixels, as long as there are so many.
    TILE_QUADS = SHUNT_NEON_DOT ? 4 : 1
};

/// Four pixels: where their inputs begin. The same pixel may stand for several.
typedef struct pixels {
    const int8_t *x[SHUNT_NEON_TILE];
} pixels_t;

/// Four pixels whose inputs lie in several rows, `run` bytes in each.
typedef struct pixel_rows {
    const int8_t *const *rows;
    size_t at;                     ///< Where the tile begins in each row.
    size_t place[SHUNT_NEON_TILE]; ///< Where the pixels begin from there on.
    uint32_t count, run;           ///< At least one row; run is a multiple of 16.
} pixel_rows_t;

/// A quad of a matrix.
typedef struct quad {
    const int8_t *weights;
    const uint64_t *plan;
    const shunt_neon_record_t *record;
} quad_t;

// What each edition defines:
//
// sum_tile: sums[p] = bias + products of pixel p with one quad.
// sum_pixel: sums[q] = bias + products of one pixel with quad q of PIXEL_QUADS.
//
// and those for cores with dot product:
//
// sum_wide_tile: sums[4 * p + q] = bias + products of pixel p with quad q of TILE_QUADS neighbours,
// of which the first is handed over.
// sum_wide_rows: the same for pixels in rows, `depth` bytes in all.

#if SHUNT_NEON_DOT && defined(__aarch64__)
#include "tile_dot_a64.h"
#elif SHUNT_NEON_DOT
#include "tile_dot.h"
#elif defined(__aarch64__)
#include "tile_long_a64.h"
#else
#include "tile_long.h"
#endif

#endif
