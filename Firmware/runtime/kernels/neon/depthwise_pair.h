// SPDX-License-Identifier: Apache-2.0
//
// Two rows of outputs of a depthwise convolution of 3 x 3, eight channels at a time, by dot
// product.
#ifndef SHUNT_NEON_DEPTHWISE_PAIR_H
#define SHUNT_NEON_DEPTHWISE_PAIR_H

#include <stddef.h>

#include "requantize.h"

/// What does not change over the pixels of a block of eight channels.
typedef struct pair {
    int8x16_t upper[6]; ///< Column by column, four channels of a column each: rows 0, 1, 2, none.
    int8x16_t lower[6]; ///< None, rows 0, 1, 2.
    int32x4_t bias[2];
    int32x4_t multiplier[2];
    int32x4_t shift[2]; ///< Of lines, none.
    int16x8_t offset;   ///< Of lines; else the output's zero point.
    int8x16_t min, max;
} pair_t;

/// Where the rows are.
typedef struct pair_rows {
    const int8_t *upper_in; ///< Columns of sixteen bytes: two rows of each of eight channels.
    const int8_t *lower_in; ///< The two rows below.
    int8_t *upper_out, *lower_out; ///< The lower one is written first.
    size_t out_step;               ///< Bytes from one output to the next.
    uint32_t count;                ///< Outputs of a row, at least 1; there are two more columns.
} pair_rows_t;

INLINE int8x8_t finish_pair(const pair_t *pair, const requantization_t *r, const int32x4_t acc[2]) {
    const scale_t scales[] = {{pair->multiplier[0], pair->shift[0]},
                              {pair->multiplier[1], pair->shift[1]}};
    return requantize_pair(r, scales, acc);
}

static NOINLINE void convolve_pair_c(const pair_t *pair, const requantization_t *r,
                                     const pair_rows_t *rows) {
    const int8_t *upper_in = rows->upper_in, *lower_in = rows->lower_in;
    int8_t *upper_out = rows->upper_out, *lower_out = rows->lower_out;
    for (uint32_t left = rows->count; left != 0; left--) {
        int32x4_t upper[] = {pair->bias[0], pair->bias[1]};
        int32x4_t lower[] = {pair->bias[0], pair->bias[1]};
        for (uint32_t column = 0; column < 3; column++) {
            const int16x8_t above = vreinterpretq_s16_s8(vld1q_s8(upper_in + 16 * column));
            const int16x8_t below = vreinterpretq_s16_s8(vld1q_s8(lower_in + 16 * column));
            const int8x16_t low = vreinterpretq_s8_s16(vzip1q_s16(above, below));
            const int8x16_t high = vreinterpretq_s8_s16(vzip2q_s16(above, below));
            upper[0] = vdotq_s32(upper[0], low, pair->upper[2 * column]);
            upper[1] = vdotq_s32(upper[1], high, pair->upper[2 * column + 1]);
            lower[0] = vdotq_s32(lower[0], low, pair->lower[2 * column]);
            lower[1] = vdotq_s32(lower[1], high, pair->lower[2 * column + 1]);
        }
        vst1_s8(lower_out, finish_pair(pair, r, lower));
        vst1_s8(upper_out, finish_pair(pair, r, upper));
        upper_in += 16, lower_in += 16;
        upper_out += rows->out_step, lower_out += rows->out_step;
    }
}

#ifdef __aarch64__
#include "depthwise_pair_a64.h"
#else

INLINE void convolve_pair(const pair_t *pair, const requantization_t *r, const pair_rows_t *rows) {
    convolve_pair_c(pair, r, rows);
}

/// Copies `count` pixels of two rows, byte by byte of one and of the other.
INLINE void zip_rows(const int8_t *first, size_t first_step, const int8_t *second,
                     size_t second_step, uint32_t count, int8_t *out) {
    for (; count != 0; count--, first += first_step, second += second_step, out += 16) {
        const int8x8x2_t both = vzip_s8(vld1_s8(first), vld1_s8(second));
        vst1q_s8(out, vcombine_s8(both.val[0], both.val[1]));
    }
}

#endif

#endif
