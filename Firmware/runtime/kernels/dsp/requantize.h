// SPDX-License-Identifier: Apache-2.0
//
// From an accumulator to an int8 output, for the three forms of channel records; `scale_t` of
// shunt_layout_dsp.h says what they become in this set.
#ifndef SHUNT_DSP_REQUANTIZE_H
#define SHUNT_DSP_REQUANTIZE_H

#include "intrinsics.h"
#include "shunt_blob.h"
#include "shunt_layout_dsp.h"

/// The sum of a word and its sign: halves that are rounded up become halves rounded away from zero.
static inline uint32_t nudge(uint32_t value) {
    return value + (uint32_t)((int32_t)value >> 31);
}

/// SHUNT_REQUANTIZE_EXACT. The multiplier is between 1 and 2, less 2 so that it fits: the
/// accumulator is added once more than it is multiplied.
static inline uint32_t requantize_exact(uint32_t acc, shunt_dsp_scale_t scale,
                                        uint32_t zero_point) {
    const uint32_t high = smmlar(acc, (uint32_t)scale.multiplier, acc);
    return ssat8(smmlar(nudge(high), (uint32_t)scale.addend, zero_point));
}

/// SHUNT_REQUANTIZE_LINE
static inline uint32_t requantize_line(uint32_t acc, shunt_dsp_scale_t scale) {
    return ssat8(smmla(acc, (uint32_t)scale.multiplier, (uint32_t)scale.addend));
}

/// SHUNT_REQUANTIZE_FAST. What is cut off first is too little to change the rounding.
static inline uint32_t requantize_fast(uint32_t acc, shunt_dsp_scale_t scale, uint32_t zero_point) {
    const uint32_t high = smmla(acc, (uint32_t)scale.multiplier, acc);
    return ssat8(smmlar(high, (uint32_t)scale.addend, zero_point));
}

/// An accumulator's output, not yet clamped, by the form `requantization`.
static inline uint32_t requantize(uint32_t acc, shunt_dsp_scale_t scale, uint32_t zero_point,
                                  uint32_t requantization) {
    switch (requantization) {
    case SHUNT_REQUANTIZE_LINE:
        return requantize_line(acc, scale);
    case SHUNT_REQUANTIZE_FAST:
        return requantize_fast(acc, scale, zero_point);
    default:
        return requantize_exact(acc, scale, zero_point);
    }
}

#endif
