// SPDX-License-Identifier: Apache-2.0
#include "fixed_point.h"
#include "requantize.h"
#include "softmax.h"

/// log(x) in Q5 for x >= 1 in Q12.
///
/// With x = 2^k * r, log(x) = k * log 2 + log r. Of two such splits, half an octave apart, the one
/// with the smaller r is taken (both r and k carry a constant quarter), and log r comes from a
/// quotient of polynomials around the fourth root of 1/2.
static int32_t log_of_at_least_one(int32_t x) {
    const int32_t log_2 = 1488522236;                // in Q0, as all of these
    const int32_t sqrt_half = 1518500250;            // 2^-1/2
    const int32_t fourth_root_half = 1805811301;     // 2^-1/4
    const int32_t num_cubic = 117049297;             // 11/240 * 2^1/4
    const int32_t denom_square = 127690142;          // 1/20 * 2^1/4
    const int32_t denom_constant = 1057819769;       // 2 * 2^-1/4 - 2^1/4
    const int32_t denom_linear = 638450708;          // 1/4 * 2^1/4
    const int32_t unit = 1 << 25, quarter = 1 << 23; // in Q6
    const int32_t zeros = leading_zeros((uint32_t)x);
    const int32_t r_a =
        shift_left_saturating(multiply_high(shift_left_saturating(x, zeros - 1), sqrt_half), 1);
    const int32_t k_a = (SOFTMAX_SUM_INTEGER_BITS - zeros) * unit + quarter;
    const int32_t headroom = leading_zeros((uint32_t)multiply_high(x, sqrt_half)) - 1;
    const int32_t r_b = shift_left_saturating(x, headroom);
    const int32_t k_b = (SOFTMAX_SUM_INTEGER_BITS - headroom) * unit - quarter;
    const int32_t r = r_a < r_b ? r_a : r_b;
    const int32_t k = k_a > k_b ? k_a : k_b;
    const int32_t p = (int32_t)(((int64_t)r + fourth_root_half + 1) / 2);
    const int32_t q = (r - fourth_root_half) * 2;
    const int32_t square = multiply_high(q, q);
    const int32_t numerator =
        multiply_high(q, r) + multiply_high(multiply_high(q, square), num_cubic);
    const int32_t denominator =
        multiply_high(p, denom_constant + q + multiply_high(denom_square, square)) +
        multiply_high(denom_linear, q);
    const int32_t fraction = multiply_high(divide_by_power_of_two(numerator, 6),
                                           SHUNT_RECIPROCAL_OF_ONE_PLUS(denominator));
    return shift_left_saturating(multiply_high(k, log_2) + fraction, 1);
}

static void normalize_row(const shunt_log_softmax_params_t *p, const int8_t *in, int8_t *out) {
    const shunt_softmax_params_t sum_params = {.depth = p->depth,
                                               .multiplier = p->multiplier,
                                               .left_shift = p->left_shift,
                                               .diff_min = p->diff_min};
    const int32_t maximum = SHUNT_SOFTMAX_MAXIMUM(in, p->depth);
    const int32_t log_sum =
        log_of_at_least_one((int32_t)SHUNT_SOFTMAX_SUM(&sum_params, in, maximum));
    // The lowest distance whose difference to log_sum still fits Q5.
    const int32_t fitting = scale_value((int32_t)(0x80000000u + (uint32_t)log_sum),
                                        p->reverse_multiplier, p->reverse_shift);
    const int32_t lowest = fitting > p->diff_min - 1 ? fitting : p->diff_min - 1;
    for (uint32_t i = 0; i < p->depth; i++) {
        const int32_t distance = in[i] - maximum;
        int32_t value = INT8_MIN;
        if (distance > lowest) {
            const int32_t scaled = scale_value(distance, p->multiplier, p->left_shift);
            // Parameters that the host made cannot reach the limit.
            const int32_t room = -INT32_MAX + (log_sum > 0 ? log_sum : 0);
            const int32_t logarithm = (scaled < room ? room : scaled) - log_sum;
            value = divide_by_power_of_two(logarithm, 22) + INT8_MAX;
        }
        out[i] = (int8_t)clamp(value, INT8_MIN, INT8_MAX);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_log_softmax_params_t *p = call->params;
    const bool valid = shunt_check_step(call, 1, 1, sizeof *p) && shunt_check_separate(call) &&
                       p->depth <= SOFTMAX_MAX_DEPTH &&
                       shunt_check_product(p->rows, p->depth, shunt_operand(call, 0)->bytes) &&
                       shunt_operand(call, 0)->bytes == shunt_operand(call, 1)->bytes &&
                       shunt_check_scale(p->multiplier, p->left_shift, 0, 30) && p->diff_min <= 0 &&
                       p->diff_min > INT32_MIN &&
                       shunt_check_scale(p->reverse_multiplier, p->reverse_shift, -31, 0) &&
                       p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_log_softmax_params_t *p = call->params;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t row = 0; row < p->rows; row++) {
        normalize_row(p, in, out);
        in += p->depth;
        out += p->depth;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(log_softmax_s8) = {
    .id = SHUNT_KERNEL_LOG_SOFTMAX_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "log_softmax_s8",
    .check = check,
    .run = run,
};
