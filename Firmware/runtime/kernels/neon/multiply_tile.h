// SPDX-License-Identifier: Apache-2.0
//
// All channels of four pixels. Inlined where tiles are many, so that what they share stays in
// registers.
#ifndef SHUNT_NEON_MULTIPLY_TILE_H
#define SHUNT_NEON_MULTIPLY_TILE_H

#include "tile.h"

/// The quad that lies `count` quads behind another one.
INLINE quad_t behind(const matrix_t *matrix, const quad_t *quad, size_t count) {
    return (quad_t){quad->weights + 4 * (size_t)matrix->depth * count,
                    quad->plan + matrix->plan_words * count, quad->record + count};
}

#if SHUNT_NEON_DOT

/// Stores sixteen channels of four pixels.
INLINE void store_wide_tile(const requantization_t *r, const shunt_neon_record_t *record,
                            const int32x4_t sums[SHUNT_NEON_TILE * TILE_QUADS],
                            int8_t *const out[SHUNT_NEON_TILE]) {
    const scale_t scales[] = {load_scale(record), load_scale(record + 1), load_scale(record + 2),
                              load_scale(record + 3)};
    vst1q_s8(out[0], requantize_channels(r, scales, sums));
    vst1q_s8(out[1], requantize_channels(r, scales, sums + 4));
    vst1q_s8(out[2], requantize_channels(r, scales, sums + 8));
    vst1q_s8(out[3], requantize_channels(r, scales, sums + 12));
}

/// Sixteen channels of four pixels.
INLINE void multiply_wide_tile(const matrix_t *matrix, const requantization_t *r,
                               const pixels_t *pixels, const quad_t *quad,
                               int8_t *const out[SHUNT_NEON_TILE]) {
    int32x4_t sums[SHUNT_NEON_TILE * TILE_QUADS];
    sum_wide_tile(pixels, matrix->depth, quad, sums);
    store_wide_tile(r, quad->record, sums, out);
}

#endif

/// Four channels, or those that are left, of four pixels.
INLINE void multiply_narrow_tile(const matrix_t *matrix, const requantization_t *r,
                                 const pixels_t *pixels, const quad_t *quad, uint32_t left,
                                 int8_t *out[SHUNT_NEON_TILE]) {
    int32x4_t sums[SHUNT_NEON_TILE];
    sum_tile(pixels, matrix->depth, quad, sums);
    const scale_t scale = load_scale(quad->record);
    const int8x16_t bytes = requantize_pixels(r, &scale, sums);
    if (left >= 4) {
        const int32x4_t words = vreinterpretq_s32_s8(bytes);
        store_word(out[0], words, 0);
        store_word(out[1], words, 1);
        store_word(out[2], words, 2);
        store_word(out[3], words, 3);
    } else {
        int8_t all[16];
        vst1q_s8(all, bytes);
        for (uint32_t c = 0; c < left; c++) {
            out[0][c] = all[c];
            out[1][c] = all[4 + c];
            out[2][c] = all[8 + c];
            out[3][c] = all[12 + c];
        }
    }
}

INLINE void multiply_tile(const matrix_t *matrix, const requantization_t *r, const pixels_t *pixels,
                          int8_t *out[SHUNT_NEON_TILE]) {
    quad_t quad = {matrix->weights, matrix->plans, matrix->records};
    uint32_t left = matrix->channels;
#if SHUNT_NEON_DOT
    for (; left >= 16; left -= 16) {
        multiply_wide_tile(matrix, r, pixels, &quad, out);
        out[0] += 16, out[1] += 16, out[2] += 16, out[3] += 16;
        quad = behind(matrix, &quad, 4);
    }
#endif
    while (left != 0) {
        multiply_narrow_tile(matrix, r, pixels, &quad, left, out);
        quad = behind(matrix, &quad, 1);
        left -= left < 4 ? left : 4;
    }
}

#endif
