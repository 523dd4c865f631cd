// SPDX-License-Identifier: Apache-2.0
#include "fixed_point.h"
#include "requantize.h"
#include "shunt_kernel_checks.h"

enum {
    TABLE_ENTRIES = 513,
    MAX_DEPTH = 65535, ///< So that sums of exponentials fit an int32_t.
    /// The maximum alone contributes nearly 2^15; only damaged tables give less than this.
    LEAST_SUM = 1 << 14
};

/// A function's value between two table entries, 128 arguments apart.
static int32_t interpolate(const int16_t *table, int32_t argument) {
    const int32_t index = 256 + (argument >> 7);
    const int32_t slope = (int16_t)(table[index + 1] - table[index]);
    return (int16_t)(table[index] + ((slope * (argument & 127) + 64) >> 7));
}

/// exp of an element's distance to the row's maximum, in units of 2^-15: the table covers -10 ...
/// 0.
static int32_t exp_of_distance(const shunt_softmax_s16_params_t *p, const int16_t *table,
                               int32_t distance) {
    const int32_t scaled = scale_value(distance, p->multiplier, p->shift);
    return interpolate(table, clamp(scaled, INT16_MIN - INT16_MAX, 0) + INT16_MAX);
}

static int32_t row_maximum(const int16_t *in, uint32_t depth) {
    int32_t result = INT16_MIN;
    for (uint32_t i = 0; i < depth; i++) {
        result = in[i] > result ? in[i] : result;
    }
    return result;
}

static void normalize_row(const shunt_call_t *call, const int16_t *in, int16_t *out) {
    const shunt_softmax_s16_params_t *p = call->params;
    const int16_t *exponential = shunt_constants(call, p->exponential);
    const int32_t maximum = row_maximum(in, p->depth);
    int32_t sum = 0;
    for (uint32_t i = 0; i < p->depth; i++) {
        const int32_t value = exp_of_distance(p, exponential, in[i] - maximum);
        out[i] = (int16_t)value; // kept for the second pass
        sum += value;
    }
    sum = sum < LEAST_SUM ? LEAST_SUM : sum;
    const int32_t zeros = leading_zeros((uint32_t)sum);
    // sum = (1 + x) * 2^(16 - zeros): x moves from 0 ... 65535 to the table's arguments.
    const int32_t one_plus_x = (int32_t)((((uint32_t)sum << (zeros - 1)) + (1u << 13)) >> 14);
    const int32_t argument = clamp(one_plus_x - (1 << 15) - (1 << 16), INT16_MIN, INT16_MAX);
    const int32_t reciprocal = interpolate(shunt_constants(call, p->reciprocal), argument);
    const int32_t shift = 31 - zeros;
    for (uint32_t i = 0; i < p->depth; i++) {
        const int32_t value = (out[i] * reciprocal + (1 << (shift - 1))) >> shift;
        out[i] = (int16_t)clamp(value, 0, INT16_MAX);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_softmax_s16_params_t *p = call->params;
    const uint64_t table_bytes = TABLE_ENTRIES * sizeof(int16_t);
    const bool valid = shunt_check_counts(call, 1, 1, sizeof *p) &&
                       shunt_check_type(call, 0, 2, SHUNT_TYPE_S16) && shunt_check_separate(call) &&
                       p->depth <= MAX_DEPTH &&
                       (uint64_t)p->rows * p->depth * 2 == shunt_operand(call, 0)->bytes &&
                       shunt_operand(call, 0)->bytes == shunt_operand(call, 1)->bytes &&
                       shunt_check_scale(p->multiplier, p->shift, -31, 14) &&
                       shunt_constants_valid(call, p->exponential, table_bytes) &&
                       shunt_constants_valid(call, p->reciprocal, table_bytes) &&
                       p->reserved[0] == 0 && p->reserved[1] == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_softmax_s16_params_t *p = call->params;
    const int16_t *in = shunt_operand_in(call, 0);
    int16_t *out = shunt_operand_out(call, 0);
    for (uint32_t row = 0; row < p->rows; row++) {
        normalize_row(call, in, out);
        in += p->depth;
        out += p->depth;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(softmax_s16) = {
    .id = SHUNT_KERNEL_SOFTMAX_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "softmax_s16",
    .check = check,
    .run = run,
};
