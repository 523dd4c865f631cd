// SPDX-License-Identifier: Apache-2.0
//
// The arithmetic of `exact` rounding (Docs/spec/blob-format.md, "Rounding"). Signed right shifts
// are arithmetic and conversions to int32_t wrap, as on every compiler that the runtime supports.
#ifndef SHUNT_PORTABLE_REQUANTIZE_H
#define SHUNT_PORTABLE_REQUANTIZE_H

#include "products.h"

_Static_assert((-3 >> 1) == -2, "signed right shifts must be arithmetic");

/// a * b / 2^31, rounded to nearest, halves up. Not for INT32_MIN times INT32_MIN.
static inline int32_t multiply_high(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

/// value / 2^exponent for exponent 1 ... 31, rounded to nearest, halves away from zero. |value| is
/// less than 2^31 - 1.
static inline int32_t divide_by_power_of_two(int32_t value, int32_t exponent) {
    // One less for negative values turns halves up into halves away from zero; the last bit is
    // rounded after the shift, where nothing can overflow.
    return (((value + (value >> 31)) >> (exponent - 1)) + 1) >> 1;
}

/// value * multiplier * 2^(shift - 31), the two roundings one after the other. `value` shifted left
/// wraps; multiplier 0 ... 2^31 - 1, shift -31 ... 30.
static inline int32_t scale_value(int32_t value, int32_t multiplier, int32_t shift) {
    if (shift >= 0) {
        return product_rounded((int32_t)((uint32_t)value << shift), multiplier);
    }
    return divide_by_power_of_two(product_rounded(value, multiplier), -shift);
}

/// `value` brought into min ... max.
static inline int32_t clamp(int32_t value, int32_t min, int32_t max) {
    return value < min ? min : value > max ? max : value;
}

/// The int8 output of a scaled accumulator: zero point added, clamped. |scaled| is at most 2^31 -
/// 1; the sum is taken where it cannot overflow.
static inline int8_t to_output(int32_t scaled, int32_t zero_point, int32_t min, int32_t max) {
    return (int8_t)(clamp(scaled, min - zero_point, max - zero_point) + zero_point);
}

#endif
