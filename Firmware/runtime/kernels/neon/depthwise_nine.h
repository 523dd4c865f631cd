// SPDX-License-Identifier: Apache-2.0
//
// A row of a depthwise convolution of 3 x 3, sixteen lanes at a time. Lanes are sixteen channels of
// a pixel, or eight channels of two neighbours.
#ifndef SHUNT_NEON_DEPTHWISE_NINE_H
#define SHUNT_NEON_DEPTHWISE_NINE_H

#include <stddef.h>

#include "requantize.h"

/// What does not change over the pixels of a block of channels.
typedef struct nine {
    int8x16_t weights[9];
    int32x4_t bias[4];
    int32x4_t multiplier[4];
    int32x4_t shift[4];  ///< Of lines, none.
    int16x8_t offset[2]; ///< Of lines; else the output's zero point.
    int8x16_t min, max;
} nine_t;

/// Where the lanes of a row's pixels are.
typedef struct nine_row {
    const int8_t *in[3]; ///< The first tap of each row of taps, for the first lanes.
    size_t tap;          ///< Bytes from one tap to the next.
    size_t step;         ///< Bytes from the first tap of some lanes to that of the next.
    int8_t *out;
    size_t out_step; ///< Bytes from one output to the next.
    uint32_t count;  ///< Of sixteen lanes, at least 1.
} nine_row_t;

/// The products of all taps.
INLINE void sum_nine(const nine_t *nine, const int8_t *const in[3], size_t tap, int32x4_t acc[4]) {
    int8x16_t x[9];
    for (int i = 0; i < 9; i++) {
        x[i] = vld1q_s8(in[i / 3] + (size_t)(i % 3) * tap);
    }
    for (int i = 0; i < 4; i++) {
        acc[i] = nine->bias[i];
    }
    for (int i = 0; i < 9; i += 2) {
        int16x8_t low = vmull_s8(vget_low_s8(nine->weights[i]), vget_low_s8(x[i]));
        int16x8_t high = vmull_high_s8(nine->weights[i], x[i]);
        if (i < 8) {
            low = vmlal_s8(low, vget_low_s8(nine->weights[i + 1]), vget_low_s8(x[i + 1]));
            high = vmlal_high_s8(high, nine->weights[i + 1], x[i + 1]);
        }
        acc[0] = vaddw_s16(acc[0], vget_low_s16(low));
        acc[1] = vaddw_high_s16(acc[1], low);
        acc[2] = vaddw_s16(acc[2], vget_low_s16(high));
        acc[3] = vaddw_high_s16(acc[3], high);
    }
}

/// The outputs of sixteen lanes.
INLINE int8x16_t finish_nine(const nine_t *nine, const requantization_t *r,
                             const int32x4_t acc[4]) {
    const scale_t scales[] = {{nine->multiplier[0], nine->shift[0]},
                              {nine->multiplier[1], nine->shift[1]},
                              {nine->multiplier[2], nine->shift[2]},
                              {nine->multiplier[3], nine->shift[3]}};
    int32x4_t scaled[4];
    scale_all(r, scales, 1, acc, scaled);
    const int16x8_t low = vqaddq_s16(narrow(scaled[0], scaled[1]), nine->offset[0]);
    const int16x8_t high = vqaddq_s16(narrow(scaled[2], scaled[3]), nine->offset[1]);
    const int8x16_t out = vqmovn_high_s16(vqmovn_s16(low), high);
    return vminq_s8(vmaxq_s8(out, nine->min), nine->max);
}

/// Computes a row of sixteen channels.
static NOINLINE void convolve_nine_c(const nine_t *nine, const requantization_t *r,
                                     const nine_row_t *row) {
    const int8_t *in[] = {row->in[0], row->in[1], row->in[2]};
    int8_t *out = row->out;
    for (uint32_t left = row->count; left != 0; left--) {
        int32x4_t acc[4];
        sum_nine(nine, in, row->tap, acc);
        vst1q_s8(out, finish_nine(nine, r, acc));
        in[0] += row->step, in[1] += row->step, in[2] += row->step;
        out += row->out_step;
    }
}

/// Computes eight channels of `count` pixels in a copied row, two at a time: taps have 8 bytes.
static NOINLINE void convolve_eight_c(const nine_t *nine, const requantization_t *r,
                                      const nine_row_t *row) {
    const int8_t *in[] = {row->in[0], row->in[1], row->in[2]};
    int8_t *out = row->out;
    for (uint32_t left = row->count; left != 0; left -= left < 2 ? left : 2) {
        int32x4_t acc[4];
        sum_nine(nine, in, 8, acc);
        const int8x16_t bytes = finish_nine(nine, r, acc);
        vst1_s8(out, vget_low_s8(bytes));
        if (left >= 2) {
            vst1_s8(out + row->out_step, vget_high_s8(bytes));
        }
        in[0] += 16, in[1] += 16, in[2] += 16;
        out += 2 * row->out_step;
    }
}

#ifdef __aarch64__
#include "depthwise_nine_a64.h"
#else

INLINE void convolve_nine(const nine_t *nine, const requantization_t *r, const nine_row_t *row) {
    convolve_nine_c(nine, r, row);
}

INLINE void convolve_sixteen(const nine_t *nine, const requantization_t *r, const nine_row_t *row) {
    convolve_nine_c(nine, r, row);
}

INLINE void convolve_eight(const nine_t *nine, const requantization_t *r, const nine_row_t *row) {
    convolve_eight_c(nine, r, row);
}

#endif

#endif
