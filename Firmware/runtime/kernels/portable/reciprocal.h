// SPDX-License-Identifier: Apache-2.0
//
// Division in 32-bit fixed point. A number in Qm has m integer bits, 31 - m fractional ones and a
// sign.
#ifndef SHUNT_PORTABLE_RECIPROCAL_H
#define SHUNT_PORTABLE_RECIPROCAL_H

#include "requantize.h"

/// 1 / (1 + x) in Q0 for 0 <= x < 1 in Q0: Newton-Raphson on the reciprocal of half of it.
static inline int32_t reciprocal_of_one_plus(int32_t x) {
    const int32_t one = 1 << 29;                                      // 1 in Q2
    const int32_t c48_17 = 1515870810;                                // 48/17 in Q2
    const int32_t c32_17 = -1010580540;                               // -32/17 in Q2
    const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2); // (1 + x) / 2 in Q0
    int32_t estimate = c48_17 + multiply_high(half, c32_17);
    for (int i = 0; i < 3; i++) {
        const int32_t error = one - multiply_high(half, estimate);
        estimate += multiply_high(estimate, error) * 4; // Q4 to Q2
    }
    // Half of the Q2 number, as Q0: twice the bits; 1 itself is one too many.
    return estimate >= 1 << 30 ? INT32_MAX : estimate * 2;
}

/// Zero bits above the highest one of a value that is not 0.
static inline int32_t leading_zeros(uint32_t value) {
    int32_t count = 0;
    while ((value & 0x80000000u) == 0) {
        value <<= 1;
        count++;
    }
    return count;
}

#endif
