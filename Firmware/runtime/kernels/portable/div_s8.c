// SPDX-License-Identifier: Apache-2.0
#include "fixed_point.h"
#include "product.h"

enum {
    MAX_SHIFT = 23, ///< Larger ones would need a shift to the left at the end.
    LAST_SHIFT = 31 ///< Behind it nothing is left of the quotient.
};

/// Bits above the sign bit that equal it: how far a dividend can be shifted left.
static int32_t headroom(int32_t value) {
    const uint32_t magnitude = (uint32_t)(value < 0 ? ~value : value);
    return magnitude == 0 ? 31 : leading_zeros(magnitude) - 1;
}

/// a / b in the output's scale; a and b have 8 bits and a sign, b is not 0.
static int32_t quotient(const shunt_mul_params_t *p, int32_t a, int32_t b) {
    const int32_t dividend = b < 0 ? -a : a;
    const uint32_t divisor = (uint32_t)(b < 0 ? -b : b);
    // divisor = (1 + x) * 2^(31 - zeros) with 0 <= x < 1
    const int32_t zeros = leading_zeros(divisor);
    const int32_t reciprocal =
        SHUNT_RECIPROCAL_OF_ONE_PLUS((int32_t)((divisor << zeros) - 0x80000000u));
    const int32_t bits = headroom(dividend);
    const int32_t ratio = multiply_high((int32_t)((uint32_t)dividend << bits), reciprocal);
    const int32_t shift = p->shift - (31 - zeros) - bits;
    return shift < -LAST_SHIFT ? 0 : scale_value(ratio, p->multiplier, shift);
}

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const shunt_mul_params_t *p = call->params;
    const int8_t *a = row->in[0];
    const int8_t *b = row->in[1];
    int8_t *out = row->out;
    for (uint32_t i = 0; i < row->count; i++) {
        const int32_t dividend = *a - p->input_zero_point[0];
        const int32_t divisor = *b - p->input_zero_point[1];
        if (divisor != 0) {
            out[i] = to_output(quotient(p, dividend, divisor), p->output_zero_point, p->clamp_min,
                               p->clamp_max);
        } else {
            out[i] = (int8_t)(dividend < 0 ? p->clamp_min : p->clamp_max);
        }
        a += row->step[0];
        b += row->step[1];
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_PRODUCT_VALID(call, SHUNT_TYPE_S8, MAX_SHIFT) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(div_s8) = {
    .id = SHUNT_KERNEL_DIV_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "div_s8",
    .check = check,
    .run = run,
};
