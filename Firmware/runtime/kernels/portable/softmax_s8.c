// SPDX-License-Identifier: Apache-2.0
//
// Softmax in 32-bit fixed point. A number in Qm has m integer bits, 31 - m fractional ones and a
// sign: Q0 stands for -1 ... 1, Q5 for -32 ... 32. The product of Qm and Qn by multiply_high is in
// Q(m + n).
#include "reciprocal.h"
#include "requantize.h"
#include "shunt_kernel_checks.h"

enum {
    SUM_INTEGER_BITS = 12, ///< The sum of exponentials is in Q12: room for 4095 of them.
    MAX_DEPTH = (1 << SUM_INTEGER_BITS) - 1,
    OUTPUT_BITS = 8 ///< The output's scale is 2^-8.
};

/// exp(x) in Q0 for x in Q0, -1/4 <= x < 0: a Taylor series to the fourth power around -1/8.
static int32_t exp_near_zero(int32_t x) {
    const int32_t exp_minus_eighth = 1895147668; // exp(-1/8) in Q0
    const int32_t third = 715827883;             // 1/3 in Q0
    const int32_t d = x + (1 << 28);             // x + 1/8
    const int32_t d2 = multiply_high(d, d);
    const int32_t d3 = multiply_high(d2, d);
    const int32_t d4 = multiply_high(d2, d2);
    // d^4/24 + d^3/6 + d^2/2 = ((d^4/4 + d^3) / 3 + d^2) / 2
    const int32_t cubic = multiply_high(divide_by_power_of_two(d4, 2) + d3, third);
    const int32_t tail = divide_by_power_of_two(cubic + d2, 1);
    return exp_minus_eighth + multiply_high(exp_minus_eighth, d + tail);
}

/// exp(x) in Q0 for x <= 0 in Q5: the quarter below zero by series, the rest bit by bit.
static int32_t exp_of_negative(int32_t x) {
    // exp(-2^(i - 2)) in Q0
    static const int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                      39332535,   720401,     242};
    const int32_t quarter = 1 << 24;
    if (x == 0) {
        return INT32_MAX;
    }
    const int32_t fraction = (int32_t)((uint32_t)x & (uint32_t)(quarter - 1)) - quarter;
    const uint32_t rest = (uint32_t)fraction - (uint32_t)x;
    int32_t result = exp_near_zero(fraction * 32);
    for (uint32_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        if ((rest & ((uint32_t)quarter << i)) != 0) {
            result = multiply_high(result, factors[i]);
        }
    }
    return result;
}

/// exp of an element's distance to the row's maximum, in Q0. The distance is at most 0.
static int32_t exp_of_distance(const shunt_softmax_params_t *p, int32_t distance) {
    return exp_of_negative(scale_value(distance, p->multiplier, p->left_shift));
}

static int32_t row_maximum(const int8_t *in, uint32_t depth) {
    int32_t result = INT8_MIN;
    for (uint32_t i = 0; i < depth; i++) {
        result = in[i] > result ? in[i] : result;
    }
    return result;
}

/// Sum of the row's exponentials, in Q12; at least 1, as the maximum contributes exp(0).
static uint32_t sum_of_exponentials(const shunt_softmax_params_t *p, const int8_t *in,
                                    int32_t maximum) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < p->depth; i++) {
        const int32_t distance = in[i] - maximum;
        if (distance >= p->diff_min) {
            sum += (uint32_t)divide_by_power_of_two(exp_of_distance(p, distance), SUM_INTEGER_BITS);
        }
    }
    return sum;
}

static void normalize_row(const shunt_softmax_params_t *p, const int8_t *in, int8_t *out) {
    const int32_t maximum = row_maximum(in, p->depth);
    const uint32_t sum = sum_of_exponentials(p, in, maximum);
    // sum = (1 + x) * 2^(12 - zeros) with 0 <= x < 1
    const int32_t zeros = leading_zeros(sum);
    const int32_t x = (int32_t)((sum << zeros) - 0x80000000u);
    const int32_t reciprocal = reciprocal_of_one_plus(x);
    const int32_t shift = SUM_INTEGER_BITS - zeros + 31 - OUTPUT_BITS;
    for (uint32_t i = 0; i < p->depth; i++) {
        const int32_t distance = in[i] - maximum;
        int32_t probability = 0;
        // Behind a shift of more than 31 bits nothing is left.
        if (distance >= p->diff_min && shift <= 31) {
            const int32_t product = multiply_high(reciprocal, exp_of_distance(p, distance));
            probability = divide_by_power_of_two(product, shift);
        }
        out[i] = (int8_t)clamp(probability + INT8_MIN, INT8_MIN, INT8_MAX);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_softmax_params_t *p = call->params;
    const bool valid = shunt_check_step(call, 1, 1, sizeof *p) && shunt_check_separate(call) &&
                       p->depth <= MAX_DEPTH &&
                       (uint64_t)p->rows * p->depth == shunt_operand(call, 0)->bytes &&
                       shunt_operand(call, 0)->bytes == shunt_operand(call, 1)->bytes &&
                       shunt_check_scale(p->multiplier, p->left_shift, 0, 30) && p->diff_min <= 0 &&
                       p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_softmax_params_t *p = call->params;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t row = 0; row < p->rows; row++) {
        normalize_row(p, in, out);
        in += p->depth;
        out += p->depth;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(softmax_s8) = {
    .id = SHUNT_KERNEL_SOFTMAX_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "softmax_s8",
    .check = check,
    .run = run,
};
