// SPDX-License-Identifier: Apache-2.0
#include "product.h"

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const shunt_mul_params_t *p = call->params;
    const int8_t *a = row->in[0];
    const int8_t *b = row->in[1];
    int8_t *out = row->out;
    for (uint32_t i = 0; i < row->count; i++) {
        const int32_t product = (*a - p->input_zero_point[0]) * (*b - p->input_zero_point[1]);
        const int32_t scaled = scale_value(product, p->multiplier, p->shift);
        out[i] = to_output(scaled, p->output_zero_point, p->clamp_min, p->clamp_max);
        a += row->step[0];
        b += row->step[1];
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_PRODUCT_VALID(call, SHUNT_TYPE_S8, 30) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(mul_s8) = {
    .id = SHUNT_KERNEL_MUL_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "mul_s8",
    .check = check,
    .run = run,
};
