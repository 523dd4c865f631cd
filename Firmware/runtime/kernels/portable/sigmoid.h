// SPDX-License-Identifier: Apache-2.0
//
// Logistic function and hyperbolic tangent of numbers in steps of 1 / 12288, as int16 with 15
// fractional bits, from one table: tanh(x) = 2 * logistic(2x) - 1.
#ifndef SHUNT_PORTABLE_SIGMOID_H
#define SHUNT_PORTABLE_SIGMOID_H

#include "shunt_kernel.h"

enum {
    SIGMOID_ENTRIES = 256,             ///< Entries of the table.
    SIGMOID_MAX_MULTIPLIER = INT16_MAX ///< Of sigmoid_argument.
};

#define SHUNT_LOGISTIC_S16 SHUNT_KERNEL_SYMBOL(logistic_s16)
#define SHUNT_TANH_S16 SHUNT_KERNEL_SYMBOL(tanh_s16)

/// The logistic function; |x| is at most 2^30.
int16_t SHUNT_LOGISTIC_S16(const uint16_t *table, int32_t x);

/// The hyperbolic tangent; |x| is at most 2^30.
int16_t SHUNT_TANH_S16(const uint16_t *table, int32_t x);

/// An int16 in steps of 1 / 12288: multiplier 0 ... SIGMOID_MAX_MULTIPLIER, shift 0 ... 31.
static inline int32_t sigmoid_argument(int32_t value, int32_t multiplier, int32_t shift) {
    const int32_t half = shift == 0 ? 0 : 1 << (shift - 1);
    return (value * multiplier + half) >> shift;
}

/// Whether a step's table lies inside CONSTANTS and the scaling is one of sigmoid_argument.
static inline bool sigmoid_valid(const shunt_call_t *call, uint32_t table, int32_t multiplier,
                                 int32_t shift) {
    return shunt_constants_valid(call, table, SIGMOID_ENTRIES * sizeof(uint16_t)) &&
           multiplier >= 0 && multiplier <= SIGMOID_MAX_MULTIPLIER && shift >= 0 && shift <= 31;
}

#endif
