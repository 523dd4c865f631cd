// SPDX-License-Identifier: Apache-2.0
#include "softmax.h"

#include "fixed_point.h"
#include "requantize.h"

/// exp of an element's distance to the row's maximum, in Q0. The distance is at most 0.
static int32_t exp_of_distance(const shunt_softmax_params_t *p, int32_t distance) {
    return SHUNT_EXP_OF_NEGATIVE(scale_value(distance, p->multiplier, p->left_shift));
}

int32_t SHUNT_SOFTMAX_MAXIMUM(const int8_t *in, uint32_t depth) {
    int32_t result = INT8_MIN;
    for (uint32_t i = 0; i < depth; i++) {
        result = in[i] > result ? in[i] : result;
    }
    return result;
}

uint32_t SHUNT_SOFTMAX_SUM(const shunt_softmax_params_t *p, const int8_t *in, int32_t maximum) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < p->depth; i++) {
        const int32_t distance = in[i] - maximum;
        if (distance >= p->diff_min) {
            sum += (uint32_t)divide_by_power_of_two(exp_of_distance(p, distance),
                                                    SOFTMAX_SUM_INTEGER_BITS);
        }
    }
    return sum;
}

/// An element's probability, in units of the output's scale.
static int32_t probability(const shunt_softmax_params_t *p, int32_t distance, int32_t reciprocal,
                           int32_t shift) {
    // Behind a shift of more than 31 bits nothing is left.
    if (distance < p->diff_min || shift > 31) {
        return 0;
    }
    return divide_by_power_of_two(multiply_high(reciprocal, exp_of_distance(p, distance)), shift);
}

static void normalize_row(const shunt_softmax_params_t *p, const int8_t *in, int32_t output_bits,
                          void *out) {
    const int32_t maximum = SHUNT_SOFTMAX_MAXIMUM(in, p->depth);
    const uint32_t sum = SHUNT_SOFTMAX_SUM(p, in, maximum);
    // sum = (1 + x) * 2^(12 - zeros) with 0 <= x < 1
    const int32_t zeros = leading_zeros(sum);
    const int32_t x = (int32_t)((sum << zeros) - 0x80000000u);
    const int32_t reciprocal = SHUNT_RECIPROCAL_OF_ONE_PLUS(x);
    const int32_t shift = SOFTMAX_SUM_INTEGER_BITS - zeros + 31 - output_bits;
    const int32_t lowest = -(1 << (output_bits - 1));
    for (uint32_t i = 0; i < p->depth; i++) {
        const int32_t units = probability(p, in[i] - maximum, reciprocal, shift);
        const int32_t value = clamp(units + lowest, lowest, -lowest - 1);
        if (output_bits == 8) {
            ((int8_t *)out)[i] = (int8_t)value;
        } else {
            ((int16_t *)out)[i] = (int16_t)value;
        }
    }
}

shunt_status_t SHUNT_SOFTMAX_CHECK(const shunt_call_t *call, uint32_t type, uint32_t output_bits) {
    const shunt_softmax_params_t *p = call->params;
    if (!shunt_check_counts(call, 1, 1, sizeof *p) ||
        !shunt_check_type(call, 0, 1, SHUNT_TYPE_S8) || !shunt_check_type(call, 1, 1, type)) {
        return SHUNT_ERR_PARAMS;
    }
    const uint64_t elements = (uint64_t)p->rows * p->depth;
    const bool valid = shunt_check_separate(call) && p->depth <= SOFTMAX_MAX_DEPTH &&
                       elements == shunt_operand(call, 0)->bytes &&
                       elements * (output_bits / 8) == shunt_operand(call, 1)->bytes &&
                       shunt_check_scale(p->multiplier, p->left_shift, 0, 30) && p->diff_min <= 0 &&
                       p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

void SHUNT_SOFTMAX_RUN(const shunt_call_t *call, int32_t output_bits) {
    const shunt_softmax_params_t *p = call->params;
    const int8_t *in = shunt_operand_in(call, 0);
    uint8_t *out = shunt_operand_out(call, 0);
    const size_t row_bytes = (size_t)p->depth * (uint32_t)output_bits / 8;
    for (uint32_t row = 0; row < p->rows; row++) {
        normalize_row(p, in, output_bits, out);
        in += p->depth;
        out += row_bytes;
    }
}
