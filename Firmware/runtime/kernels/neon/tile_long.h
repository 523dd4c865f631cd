// SPDX-License-Identifier: Apache-2.0
//
// Sums of products on cores without dot product. A lane of eight is a column modulo 8; products are
// added up in 16 bits as far as the plan allows, and then in pairs to sums of 32 bits.
// tile_long_a64.h is the same in assembly. Included by tile.h.

/// Columns 0 ... 15 of four rows.
typedef struct columns {
    int8x16_t row[4];
} columns_t;

static inline columns_t load_columns(const int8_t *weights) {
    const int32x4x4_t words = vld4q_s32((const int32_t *)(const void *)weights);
    return (columns_t){{vreinterpretq_s8_s32(words.val[0]), vreinterpretq_s8_s32(words.val[1]),
                        vreinterpretq_s8_s32(words.val[2]), vreinterpretq_s8_s32(words.val[3])}};
}

/// Sixteen products in eight lanes.
static inline int16x8_t multiply(int8x16_t x, int8x16_t w) {
    return vmlal_high_s8(vmull_s8(vget_low_s8(x), vget_low_s8(w)), x, w);
}

/// Sixteen more.
static inline int16x8_t multiply_add(int16x8_t sum, int8x16_t x, int8x16_t w) {
    return vmlal_high_s8(vmlal_s8(sum, vget_low_s8(x), vget_low_s8(w)), x, w);
}

static void sum_chunk(const int8_t *x, const int8_t *weights, bool whole, int32x4_t acc[4]) {
    const columns_t w0 = load_columns(weights), w1 = load_columns(weights + 64);
    const int8x16_t x0 = vld1q_s8(x), x1 = vld1q_s8(x + 16);
    for (int c = 0; c < 4; c++) {
        int16x8_t sum = multiply(x0, w0.row[c]);
        if (whole) {
            sum = multiply_add(sum, x1, w1.row[c]);
        } else {
            acc[c] = vpadalq_s16(acc[c], sum);
            sum = multiply(x1, w1.row[c]);
        }
        acc[c] = vpadalq_s16(acc[c], sum);
    }
}

static void sum_rest(const int8_t *x, const int8_t *weights, uint32_t columns, int32x4_t acc[4]) {
    if (columns >= 16) {
        const columns_t w = load_columns(weights);
        const int8x16_t x0 = vld1q_s8(x);
        for (int c = 0; c < 4; c++) {
            acc[c] = vpadalq_s16(acc[c], multiply(x0, w.row[c]));
        }
        x += 16;
        weights += 64;
        columns -= 16;
    }
    if (columns != 0) {
        const int32x2x4_t w = vld4_s32((const int32_t *)(const void *)weights);
        const int8x8_t x0 = vld1_s8(x);
        for (int c = 0; c < 4; c++) {
            acc[c] = vpadalq_s16(acc[c], vmull_s8(x0, vreinterpret_s8_s32(w.val[c])));
        }
    }
}

static int32x4_t sum_quad(const int8_t *x, uint32_t depth, const quad_t *quad) {
    int32x4_t acc[4];
    for (int c = 0; c < 4; c++) {
        acc[c] = vsetq_lane_s32(quad->record->bias[c], vdupq_n_s32(0), 0);
    }
    uint32_t column = 0;
    for (; column + 32 <= depth; column += 32) {
        const uint64_t entries = quad->plan[column / 1024] >> column / 32 % 32 * 2;
        const bool whole = (entries & SHUNT_NEON_PLAN_HALVES) == 0;
        sum_chunk(x + column, quad->weights + 4 * (size_t)column, whole, acc);
    }
    sum_rest(x + column, quad->weights + 4 * (size_t)column, depth - column, acc);
    return vpaddq_s32(vpaddq_s32(acc[0], acc[1]), vpaddq_s32(acc[2], acc[3]));
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
