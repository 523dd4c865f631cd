// SPDX-License-Identifier: Apache-2.0
//
// How one accumulator becomes an output in each form, in plain C: what the vector code computes,
// lane by lane. Signed right shifts are arithmetic and conversions to int32_t wrap, as on every
// compiler that the runtime supports.
#ifndef SHUNT_MVE_SCALE_H
#define SHUNT_MVE_SCALE_H

#include <stdint.h>

#include "shunt_kernel.h"

/// A number brought into min ... max.
static inline int32_t limit(int64_t value, int32_t min, int32_t max) {
    return value < min ? min : value > max ? max : (int32_t)value;
}

/// VQRDMULH. Not for INT32_MIN times INT32_MIN.
static inline int32_t multiply_high_rounded(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

/// VQDMULH. Not for INT32_MIN times INT32_MIN.
static inline int32_t multiply_high(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b) >> 31);
}

/// VRSHL by a negative number: value / 2^right, halves up; right 0 ... 62.
static inline int32_t shift_right_rounded(int32_t value, int32_t right) {
    return right == 0 ? value : (int32_t)(((int64_t)value + (INT64_C(1) << (right - 1))) >> right);
}

/// A shift from a record: beyond these limits, which only damaged records are, cores do various
/// things.
static inline int32_t sane_shift(int32_t shift) {
    return limit(shift, -62, 31);
}

/// SHUNT_REQUANTIZE_EXACT: two roundings, the second one with halves away from zero.
static inline int64_t scale_exact(int32_t sum, int32_t multiplier, int32_t shift) {
    const int32_t left = shift > 0 ? shift : 0;
    const int32_t right = left - shift;
    const int32_t product = multiply_high_rounded((int32_t)((uint32_t)sum << left), multiplier);
    // One less for negative numbers makes halves up halves away from zero.
    const int32_t down = right > 0 ? product >> 31 : 0;
    return shift_right_rounded((int32_t)((uint32_t)product + (uint32_t)down), right);
}

/// SHUNT_REQUANTIZE_FAST: (sum * multiplier + 2^(30 - shift)) >> (31 - shift). The shift to the
/// left saturates, which happens only where the result lies far outside of int8 anyway.
static inline int64_t scale_fast(int32_t sum, int32_t multiplier, int32_t shift) {
    const int32_t left = shift >= 0 ? shift + 1 : 0;
    const int32_t shifted = limit((int64_t)((uint64_t)(int64_t)sum << left), INT32_MIN, INT32_MAX);
    return shift_right_rounded(multiply_high(shifted, multiplier), left - shift);
}

/// SHUNT_REQUANTIZE_LINE. `half` is half of the line's multiplier.
static inline int64_t scale_line(int32_t sum, int32_t half, int32_t offset) {
    return (int32_t)((uint32_t)multiply_high(sum, half) + (uint32_t)offset);
}

/// The output of an accumulator, not yet clamped.
static inline int32_t scale_record(int32_t sum, int32_t multiplier, int32_t last, uint32_t form,
                                   int32_t zero_point) {
    if (form == SHUNT_REQUANTIZE_LINE) {
        return (int32_t)scale_line(sum, multiplier, last);
    }
    const int32_t shift = sane_shift(last);
    const int64_t scaled = form == SHUNT_REQUANTIZE_EXACT ? scale_exact(sum, multiplier, shift)
                                                          : scale_fast(sum, multiplier, shift);
    return limit(scaled + zero_point, INT8_MIN, INT8_MAX);
}

#endif
