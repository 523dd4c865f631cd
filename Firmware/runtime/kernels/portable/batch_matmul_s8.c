// SPDX-License-Identifier: Apache-2.0
#include "batch_matmul.h"

#include "requantize.h"
#include "shunt_kernel_checks.h"

static void multiply(const shunt_call_t *call, size_t index, size_t first_a, size_t first_b) {
    const shunt_batch_matmul_params_t *p = call->params;
    const int8_t *a = (const int8_t *)shunt_operand_in(call, 0) + first_a;
    const int8_t *b = (const int8_t *)shunt_operand_in(call, 1) + first_b;
    int8_t *out = shunt_operand_out(call, 0);
    uint32_t sum = 0;
    for (uint32_t i = 0; i < p->depth; i++) {
        sum += (uint32_t)((*a - p->input_zero_point[0]) * (*b - p->input_zero_point[1]));
        // Behind the last product the pointers stay where they are.
        if (i + 1 < p->depth) {
            a += p->depth_strides[0];
            b += p->depth_strides[1];
        }
    }
    const int32_t scaled = scale_value((int32_t)sum, p->multiplier, p->shift);
    out[index] = to_output(scaled, p->output_zero_point, p->clamp_min, p->clamp_max);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_batch_matmul_params_t *p = call->params;
    const bool valid = SHUNT_CHECK_MATMUL(call, SHUNT_TYPE_S8) &&
                       shunt_check_zero_point(p->input_zero_point[0]) &&
                       shunt_check_zero_point(p->input_zero_point[1]) &&
                       shunt_check_scale(p->multiplier, p->shift, -31, 30) &&
                       shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_MULTIPLY_BATCHES(call, multiply);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(batch_matmul_s8) = {
    .id = SHUNT_KERNEL_BATCH_MATMUL_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "batch_matmul_s8",
    .check = check,
    .run = run,
};
