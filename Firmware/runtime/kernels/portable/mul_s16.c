// SPDX-License-Identifier: Apache-2.0
#include "product.h"

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const shunt_mul_params_t *p = call->params;
    const int16_t *a = row->in[0];
    const int16_t *b = row->in[1];
    int16_t *out = row->out;
    for (uint32_t i = 0; i < row->count; i++) {
        const int32_t scaled = scale_value(*a * *b, p->multiplier, p->shift);
        out[i] = (int16_t)output_value(scaled, 0, p->clamp_min, p->clamp_max);
        a += row->step[0];
        b += row->step[1];
    }
}

/// Products of 16 bits and a sign would not fit 32: zero points are 0, as TFLite demands.
static bool symmetric(const shunt_mul_params_t *p) {
    return p->input_zero_point[0] == 0 && p->input_zero_point[1] == 0 && p->output_zero_point == 0;
}

static shunt_status_t check(const shunt_call_t *call) {
    const bool valid = SHUNT_PRODUCT_VALID(call, SHUNT_TYPE_S16, 30) && symmetric(call->params);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(mul_s16) = {
    .id = SHUNT_KERNEL_MUL_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "mul_s16",
    .check = check,
    .run = run,
};
