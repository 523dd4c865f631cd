// SPDX-License-Identifier: Apache-2.0
#include "fixed_point.h"
#include "requantize.h"
#include "shunt_kernel_checks.h"

enum {
    MAX_DEPTH = 33000, ///< So that sums of squares of at most 255 fit an int32_t.
    OUTPUT_BITS = 7    ///< The output's scale is 2^-7.
};

/// A factor as Q31 mantissa and power of two.
typedef struct factor {
    int32_t multiplier, shift;
} factor_t;

/// 1 / sqrt(value): five steps of Newton-Raphson in Q3 on the value brought between 1/4 and 1.
static factor_t inverse_root(int32_t value) {
    if (value <= 1) {
        return (factor_t){INT32_MAX, 0};
    }
    int32_t right_shift = 11;
    while (value >= 1 << 29) {
        value /= 4;
        right_shift++;
    }
    const int32_t pairs = (leading_zeros((uint32_t)value) - 1) / 2 - 1;
    right_shift -= pairs;
    const int32_t scaled = (value << (2 * pairs)) >> 1;
    const int32_t half = divide_by_power_of_two(scaled, 1);
    const int32_t three_halves = (1 << 28) + (1 << 27);
    int32_t root = 1 << 28;
    for (int i = 0; i < 5; i++) {
        const int32_t square = multiply_high(root, root);
        const int32_t cube = shift_left_saturating(multiply_high(square, root), 6);
        root =
            shift_left_saturating(multiply_high(three_halves, root) - multiply_high(half, cube), 3);
    }
    const int32_t sqrt_half = 1518500250; // in Q0
    const int32_t result = multiply_high(root, sqrt_half);
    return right_shift < 0 ? (factor_t){(int32_t)((uint32_t)result << -right_shift), 0}
                           : (factor_t){result, -right_shift};
}

static void normalize_row(const shunt_l2_normalization_params_t *p, const int8_t *in, int8_t *out) {
    int32_t squares = 0;
    for (uint32_t i = 0; i < p->depth; i++) {
        const int32_t value = in[i] - p->input_zero_point;
        squares += value * value;
    }
    const factor_t factor = inverse_root(squares);
    for (uint32_t i = 0; i < p->depth; i++) {
        const int32_t value = in[i] - p->input_zero_point;
        const int32_t scaled = scale_value(value, factor.multiplier, factor.shift + OUTPUT_BITS);
        out[i] = (int8_t)clamp(scaled, INT8_MIN, INT8_MAX);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_l2_normalization_params_t *p = call->params;
    const bool valid = shunt_check_step(call, 1, 1, sizeof *p) && shunt_check_in_place(call, 0) &&
                       p->depth <= MAX_DEPTH &&
                       shunt_check_product(p->rows, p->depth, shunt_operand(call, 0)->bytes) &&
                       shunt_operand(call, 0)->bytes == shunt_operand(call, 1)->bytes &&
                       shunt_check_zero_point(p->input_zero_point) && p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_l2_normalization_params_t *p = call->params;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t row = 0; row < p->rows; row++) {
        normalize_row(p, in, out);
        in += p->depth;
        out += p->depth;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(l2_normalization_s8) = {
    .id = SHUNT_KERNEL_L2_NORMALIZATION_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "l2_normalization_s8",
    .check = check,
    .run = run,
};
