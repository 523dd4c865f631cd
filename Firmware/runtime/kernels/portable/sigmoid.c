// SPDX-License-Identifier: Apache-2.0
#include "sigmoid.h"

enum {
    LOGISTIC_BITS = 9, ///< Bits of an input between two entries of the table.
    TANH_BITS = 8
};

/// The table between two entries, `bits` bits finer, for a magnitude inside it.
static int32_t interpolated(const uint16_t *table, int32_t magnitude, int32_t bits) {
    const int32_t index = magnitude >> bits;
    const int32_t fraction = magnitude & ((1 << bits) - 1);
    return ((int32_t)table[index] << bits) + fraction * (table[index + 1] - table[index]);
}

static bool beyond_table(int32_t magnitude, int32_t bits) {
    return (magnitude >> bits) >= SIGMOID_ENTRIES - 1;
}

int16_t SHUNT_LOGISTIC_S16(const uint16_t *table, int32_t x) {
    const int32_t magnitude = x < 0 ? -x : x;
    const int32_t half = 1 << LOGISTIC_BITS;
    const int32_t value = beyond_table(magnitude, LOGISTIC_BITS)
                              ? INT16_MAX << (LOGISTIC_BITS + 1)
                              : interpolated(table, magnitude, LOGISTIC_BITS);
    const int32_t rounded = x >= 0 ? value + half : (1 << (16 + LOGISTIC_BITS)) - value + half - 1;
    return (int16_t)(rounded >> (LOGISTIC_BITS + 1));
}

int16_t SHUNT_TANH_S16(const uint16_t *table, int32_t x) {
    const int32_t magnitude = x < 0 ? -x : x;
    const int32_t half = 1 << (TANH_BITS - 1);
    const int32_t value = beyond_table(magnitude, TANH_BITS)
                              ? UINT16_MAX << TANH_BITS
                              : interpolated(table, magnitude, TANH_BITS);
    const int32_t above_half = value - (1 << (15 + TANH_BITS));
    const int32_t rounded = x >= 0 ? above_half + half : half - 1 - above_half;
    return (int16_t)(rounded >> TANH_BITS);
}
