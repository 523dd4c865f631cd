// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"

#include "shunt_kernel_checks.h"

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_requantize_params_t *p = call->params;
    const bool valid = shunt_check_step(call, 1, 1, sizeof *p) && shunt_check_in_place(call, 0) &&
                       p->count == shunt_operand(call, 0)->bytes &&
                       p->count == shunt_operand(call, 1)->bytes &&
                       shunt_check_zero_point(p->input_zero_point) &&
                       shunt_check_zero_point(p->output_zero_point) &&
                       shunt_check_scale(p->multiplier, p->shift, -31, 30) && p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_requantize_params_t *p = call->params;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t i = 0; i < p->count; i++) {
        const int32_t scaled = scale_value(in[i] - p->input_zero_point, p->multiplier, p->shift);
        out[i] = to_output(scaled, p->output_zero_point, INT8_MIN, INT8_MAX);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(requantize_s8) = {
    .id = SHUNT_KERNEL_REQUANTIZE_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "requantize_s8",
    .check = check,
    .run = run,
};
