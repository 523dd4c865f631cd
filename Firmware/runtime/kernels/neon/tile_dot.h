// SPDX-License-Identifier: Apache-2.0
//
// Sums of products on cores with dot product: four columns of four rows with one instruction.
// tile_dot_a64.h is the same in assembly. Included by tile.h.

static int32x4_t sum_quad(const int8_t *x, uint32_t depth, const quad_t *quad) {
    int32x4_t acc = vld1q_s32(quad->record->bias);
    for (uint32_t column = 0; column < depth; column += 8) {
        const int8_t *weights = quad->weights + 4 * (size_t)column;
        const int8x8_t columns = vld1_s8(x + column);
        acc = vdotq_lane_s32(acc, vld1q_s8(weights), columns, 0);
        acc = vdotq_lane_s32(acc, vld1q_s8(weights + 16), columns, 1);
    }
    return acc;
}

INLINE void sum_tile(const pixels_t *pixels, uint32_t depth, const quad_t *quad,
                     int32x4_t sums[SHUNT_NEON_TILE]) {
    for (int p = 0; p < SHUNT_NEON_TILE; p++) {
        sums[p] = sum_quad(pixels->x[p], depth, quad);
    }
}

INLINE void sum_pixel(const int8_t *x, uint32_t depth, const quad_t quads[PIXEL_QUADS],
                      int32x4_t sums[PIXEL_QUADS]) {
    for (int q = 0; q < PIXEL_QUADS; q++) {
        sums[q] = sum_quad(x, depth, &quads[q]);
    }
}

INLINE void sum_wide_tile(const pixels_t *pixels, uint32_t depth, const quad_t *quad,
                          int32x4_t sums[SHUNT_NEON_TILE * TILE_QUADS]) {
    for (int p = 0; p < SHUNT_NEON_TILE; p++) {
        for (int q = 0; q < TILE_QUADS; q++) {
            const quad_t one = {quad->weights + 4 * (size_t)depth * (size_t)q, quad->plan,
                                quad->record + q};
            sums[p * TILE_QUADS + q] = sum_quad(pixels->x[p], depth, &one);
        }
    }
}

INLINE void sum_wide_rows(const pixel_rows_t *pixels, uint32_t depth, const quad_t *quad,
                          int32x4_t sums[SHUNT_NEON_TILE * TILE_QUADS]) {
    for (int p = 0; p < SHUNT_NEON_TILE; p++) {
        for (int q = 0; q < TILE_QUADS; q++) {
            const int8_t *weights = quad->weights + 4 * (size_t)depth * (size_t)q;
            int32x4_t acc = vld1q_s32(quad->record[q].bias);
            for (uint32_t row = 0; row < pixels->count; row++) {
                const int8_t *x = pixels->rows[row] + pixels->at + pixels->place[p];
                for (uint32_t column = 0; column < pixels->run; column += 8, weights += 32) {
                    const int8x8_t columns = vld1_s8(x + column);
                    acc = vdotq_lane_s32(acc, vld1q_s8(weights), columns, 0);
                    acc = vdotq_lane_s32(acc, vld1q_s8(weights + 16), columns, 1);
                }
            }
            sums[p * TILE_QUADS + q] = acc;
        }
    }
}
