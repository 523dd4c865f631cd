// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of depthwise convolutions.
#ifndef SHUNT_PORTABLE_DEPTHWISE_H
#define SHUNT_PORTABLE_DEPTHWISE_H

#include "accumulate.h"

/// The taps over which the sums of one output pixel run, and how they lie.
typedef struct depthwise_taps {
    int32_t rows, columns;   ///< May be 0.
    ptrdiff_t row_stride;    ///< Bytes from the input of one row of taps to that of the next.
    ptrdiff_t column_stride; ///< Bytes from the input of one tap to that of the next.
    size_t weights_stride;   ///< Bytes from the weights of one tap to those of the next.
    size_t weights_row;      ///< Bytes from the weights of one row of taps to those of the next.
    uint32_t channel_multiplier; ///< Output channels that read the same input channel.
} depthwise_taps_t;

/// Adds the taps to CHANNEL_BLOCK channels whose inputs are neighbours.
static inline void accumulate_depthwise_block(const depthwise_taps_t *taps, const int8_t *in,
                                              const int8_t *weights, uint32_t *acc) {
    const size_t weights_stride = taps->weights_stride;
    const size_t skipped = taps->weights_row - (size_t)taps->columns * weights_stride;
    const ptrdiff_t column_stride = taps->column_stride;
    uint32_t sum0 = acc[0], sum1 = acc[1], sum2 = acc[2], sum3 = acc[3];
    for (int32_t row = 0; row < taps->rows; row++) {
        const int8_t *x = in;
        for (int32_t column = 0; column < taps->columns; column++) {
            sum0 += (uint32_t)(x[0] * weights[0]);
            sum1 += (uint32_t)(x[1] * weights[1]);
            sum2 += (uint32_t)(x[2] * weights[2]);
            sum3 += (uint32_t)(x[3] * weights[3]);
            x += column_stride;
            weights += weights_stride;
        }
        weights += skipped;
        in += taps->row_stride;
    }
    acc[0] = sum0, acc[1] = sum1, acc[2] = sum2, acc[3] = sum3;
}

/// Sum over the taps for one channel.
static inline uint32_t sum_depthwise_channel(const depthwise_taps_t *taps, const int8_t *in,
                                             const int8_t *weights) {
    uint32_t sum = 0;
    for (int32_t row = 0; row < taps->rows; row++) {
        const int8_t *x = in;
        const int8_t *w = weights;
        for (int32_t column = 0; column < taps->columns; column++) {
            sum += (uint32_t)(*x * *w);
            x += taps->column_stride;
            w += taps->weights_stride;
        }
        weights += taps->weights_row;
        in += taps->row_stride;
    }
    return sum;
}

/// Adds the taps to `count` <= CHANNEL_BLOCK output channels from `first` on.
///
/// @param in      Channel 0 of the first tap's input.
/// @param weights The first tap's weight of channel `first`.
static inline void accumulate_depthwise(const depthwise_taps_t *taps, const int8_t *in,
                                        const int8_t *weights, uint32_t first, uint32_t count,
                                        uint32_t *acc) {
    if (taps->channel_multiplier == 1 && count == CHANNEL_BLOCK) {
        accumulate_depthwise_block(taps, in + first, weights, acc);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const int8_t *x = in + (first + i) / taps->channel_multiplier;
        acc[i] += sum_depthwise_channel(taps, x, weights + i);
    }
}

#endif
