// SPDX-License-Identifier: Apache-2.0
//
// Functions in 32-bit fixed point. A number in Qm has m integer bits, 31 - m fractional ones and a
// sign: Q0 stands for -1 ... 1, Q5 for -32 ... 32. The product of Qm and Qn by multiply_high is in
// Q(m + n).
#ifndef SHUNT_PORTABLE_FIXED_POINT_H
#define SHUNT_PORTABLE_FIXED_POINT_H

#include <stdint.h>

#include "shunt_kernel.h"

#define SHUNT_EXP_OF_NEGATIVE SHUNT_KERNEL_SYMBOL(exp_of_negative)
#define SHUNT_RECIPROCAL_OF_ONE_PLUS SHUNT_KERNEL_SYMBOL(reciprocal_of_one_plus)

/// exp(x) in Q0 for x <= 0 in Q5.
int32_t SHUNT_EXP_OF_NEGATIVE(int32_t x);

/// 1 / (1 + x) in Q0 for 0 <= x < 1 in Q0.
int32_t SHUNT_RECIPROCAL_OF_ONE_PLUS(int32_t x);

/// Zero bits above the highest one; 32 for 0.
static inline int32_t leading_zeros(uint32_t value) {
    int32_t count = 32;
    for (; value != 0; value >>= 1) {
        count--;
    }
    return count;
}

/// value * 2^bits for bits 0 ... 31, limited to int32_t.
static inline int32_t shift_left_saturating(int32_t value, int32_t bits) {
    const int32_t limit = INT32_MAX >> bits;
    if (value > limit) {
        return INT32_MAX;
    }
    return value < -limit ? INT32_MIN : (int32_t)((uint32_t)value << bits);
}

#endif
