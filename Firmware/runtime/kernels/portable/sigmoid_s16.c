// SPDX-License-Identifier: Apache-2.0
//
// Logistic function and hyperbolic tangent of int16, from one table: tanh(x) = 2 * logistic(2x)
// - 1.
#include "shunt_kernel_checks.h"

enum {
    TABLE_ENTRIES = 256,
    LOGISTIC_BITS = 9, ///< Bits of an input between two entries of the table.
    TANH_BITS = 8,
    MAX_MULTIPLIER = INT16_MAX
};

/// The table between two entries, `bits` bits finer, for a magnitude inside it.
static int32_t interpolated(const uint16_t *table, int32_t magnitude, int32_t bits) {
    const int32_t index = magnitude >> bits;
    const int32_t fraction = magnitude & ((1 << bits) - 1);
    return ((int32_t)table[index] << bits) + fraction * (table[index + 1] - table[index]);
}

static bool beyond_table(int32_t magnitude, int32_t bits) {
    return (magnitude >> bits) >= TABLE_ENTRIES - 1;
}

static int16_t logistic(const uint16_t *table, int32_t x) {
    const int32_t magnitude = x < 0 ? -x : x;
    const int32_t half = 1 << LOGISTIC_BITS;
    const int32_t value = beyond_table(magnitude, LOGISTIC_BITS)
                              ? INT16_MAX << (LOGISTIC_BITS + 1)
                              : interpolated(table, magnitude, LOGISTIC_BITS);
    const int32_t rounded = x >= 0 ? value + half : (1 << (16 + LOGISTIC_BITS)) - value + half - 1;
    return (int16_t)(rounded >> (LOGISTIC_BITS + 1));
}

static int16_t hyperbolic_tangent(const uint16_t *table, int32_t x) {
    const int32_t magnitude = x < 0 ? -x : x;
    const int32_t half = 1 << (TANH_BITS - 1);
    const int32_t value = beyond_table(magnitude, TANH_BITS)
                              ? UINT16_MAX << TANH_BITS
                              : interpolated(table, magnitude, TANH_BITS);
    const int32_t above_half = value - (1 << (15 + TANH_BITS));
    const int32_t rounded = x >= 0 ? above_half + half : half - 1 - above_half;
    return (int16_t)(rounded >> TANH_BITS);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_sigmoid_params_t *p = call->params;
    const bool valid =
        shunt_check_counts(call, 1, 1, sizeof *p) && shunt_check_type(call, 0, 2, SHUNT_TYPE_S16) &&
        shunt_check_in_place(call, 0) && (uint64_t)p->count * 2 == shunt_operand(call, 0)->bytes &&
        shunt_operand(call, 0)->bytes == shunt_operand(call, 1)->bytes &&
        shunt_constants_valid(call, p->table, TABLE_ENTRIES * sizeof(uint16_t)) &&
        p->multiplier >= 0 && p->multiplier <= MAX_MULTIPLIER && p->shift >= 0 && p->shift <= 31 &&
        p->is_tanh <= 1 && p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_sigmoid_params_t *p = call->params;
    const uint16_t *table = shunt_constants(call, p->table);
    const int16_t *in = shunt_operand_in(call, 0);
    int16_t *out = shunt_operand_out(call, 0);
    const int32_t half = p->shift == 0 ? 0 : 1 << (p->shift - 1);
    for (uint32_t i = 0; i < p->count; i++) {
        const int32_t x = (in[i] * p->multiplier + half) >> p->shift;
        out[i] = p->is_tanh != 0 ? hyperbolic_tangent(table, x) : logistic(table, x);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(sigmoid_s16) = {
    .id = SHUNT_KERNEL_SIGMOID_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "sigmoid_s16",
    .check = check,
    .run = run,
};
