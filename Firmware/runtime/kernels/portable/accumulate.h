// SPDX-License-Identifier: Apache-2.0
//
// Sums of products and their requantization: the inner loops of conv2d_s8 and fully_connected_s8.
#ifndef SHUNT_PORTABLE_ACCUMULATE_H
#define SHUNT_PORTABLE_ACCUMULATE_H

#include <stddef.h>

#include "shunt_kernel.h"
#include "shunt_params.h"

enum {
    CHANNEL_BLOCK = 4 ///< Output channels that are computed together, so that they share loads.
};

/// The bytes that a sum runs over: `rows` rows of `length` neighbours, of activations and of
/// weights.
typedef struct patch {
    int32_t rows;             ///< May be 0.
    int32_t length;           ///< Bytes of a row; may be 0.
    ptrdiff_t in_stride;      ///< Bytes from one row of activations to the next.
    ptrdiff_t weights_stride; ///< Bytes from one row of weights to the next.
} patch_t;

/// What accumulators become.
typedef struct output_range {
    int32_t zero_point, min, max;
    uint32_t form; ///< shunt_requantization_t
} output_range_t;

#define SHUNT_ACCUMULATE SHUNT_KERNEL_SYMBOL(accumulate)
#define SHUNT_ACCUMULATE_ROW SHUNT_KERNEL_SYMBOL(accumulate_row)
#define SHUNT_STORE_CHANNELS SHUNT_KERNEL_SYMBOL(store_channels)

/// acc[c] += sum over the patch of in * weights(channel c), for c below `count` <= CHANNEL_BLOCK;
/// `channel_stride` bytes lie between the weights of two channels. Sums wrap modulo 2^32.
void SHUNT_ACCUMULATE(uint32_t *acc, uint32_t count, const int8_t *in, const int8_t *weights,
                      size_t channel_stride, const patch_t *patch);

/// The same for one row of `length` bytes.
void SHUNT_ACCUMULATE_ROW(uint32_t *acc, uint32_t count, const int8_t *in, const int8_t *weights,
                          size_t channel_stride, size_t length);

/// Requantizes `count` accumulators, one per channel, to `out`. Slow and small.
///
/// @param channels Records of the form that `range` names.
void SHUNT_STORE_CHANNELS(int8_t *out, const uint32_t *acc, const shunt_channel_t *channels,
                          uint32_t count, const output_range_t *range);

#endif
