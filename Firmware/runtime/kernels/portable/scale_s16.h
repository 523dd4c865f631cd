// SPDX-License-Identifier: Apache-2.0
//
// How sums become int16 (Docs/spec/blob-format.md, "Rounding").
#ifndef SHUNT_PORTABLE_SCALE_S16_H
#define SHUNT_PORTABLE_SCALE_S16_H

#include "requantize.h"
#include "shunt_kernel_checks.h"

enum {
    MAX_TERMS = 1 << 24 ///< Products of one sum: 2^22 each, so that sums stay below 2^47.
};

/// sum * multiplier * 2^(shift - 15), rounded to nearest, halves up; |sum| below 2^47, multiplier 0
/// ... 32767, shift -31 ... 14.
static inline int64_t scale_wide(int64_t sum, int32_t multiplier, int32_t shift) {
    const int32_t right = 15 - shift;
    return (sum * multiplier + ((int64_t)1 << (right - 1))) >> right;
}

/// `value` brought into min ... max.
static inline int32_t clamp_wide(int64_t value, int32_t min, int32_t max) {
    return value < min ? min : value > max ? max : (int32_t)value;
}

/// The int16 output of a channel's sum.
static inline int16_t output_s16(int64_t sum, const shunt_channel16_t *channel, bool wide,
                                 int32_t min, int32_t max) {
    // A narrow sum wraps modulo 2^32.
    const int64_t scaled =
        wide ? scale_wide(sum, channel->multiplier, channel->shift)
             : scale_value((int32_t)(uint32_t)(uint64_t)sum, channel->multiplier, channel->shift);
    return (int16_t)clamp_wide(scaled, min, max);
}

/// Sum of products of `depth` neighbours; at most 2^22 each.
static inline int64_t dot_s16(const int16_t *in, const int8_t *weights, uint32_t depth) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < depth; i++) {
        sum += in[i] * weights[i];
    }
    return sum;
}

/// Whether a bias leaves room for the largest sum of MAX_TERMS products: |bias| is at most 2^46.
static inline bool wide_bias_valid(int64_t bias) {
    const int64_t limit = (int64_t)1 << 46;
    return bias <= limit && bias >= -limit;
}

/// Whether multiplier and shift are ones of scale_wide.
static inline bool wide_scale_valid(int32_t multiplier, int32_t shift) {
    return multiplier >= 0 && multiplier <= INT16_MAX && shift >= -31 && shift <= 14;
}

#define SHUNT_CHECK_CHANNELS16 SHUNT_KERNEL_SYMBOL(check_channels16)

/// Whether `offset` is that of `count` shunt_channel16_t inside CONSTANTS with legal fields.
bool SHUNT_CHECK_CHANNELS16(const shunt_call_t *call, uint32_t offset, uint32_t count, bool wide);

#endif
