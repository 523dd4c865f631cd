// SPDX-License-Identifier: Apache-2.0
#include "batch_matmul.h"

#include "scale_s16.h"

static void multiply(const shunt_call_t *call, size_t index, size_t first_a, size_t first_b) {
    const shunt_batch_matmul_params_t *p = call->params;
    const int16_t *a = (const int16_t *)shunt_operand_in(call, 0) + first_a;
    const int16_t *b = (const int16_t *)shunt_operand_in(call, 1) + first_b;
    int16_t *out = shunt_operand_out(call, 0);
    int64_t sum = 0;
    for (uint32_t i = 0; i < p->depth; i++) {
        sum += *a * *b;
        // Behind the last product the pointers stay where they are.
        if (i + 1 < p->depth) {
            a += p->depth_strides[0];
            b += p->depth_strides[1];
        }
    }
    out[index] =
        (int16_t)clamp_wide(scale_wide(sum, p->multiplier, p->shift), p->clamp_min, p->clamp_max);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_batch_matmul_params_t *p = call->params;
    // Products have up to 2^30: fewer of them fit into 47 bits than of those with weights.
    const bool valid = SHUNT_CHECK_MATMUL(call, SHUNT_TYPE_S16) && p->depth <= MAX_TERMS >> 8 &&
                       p->input_zero_point[0] == 0 && p->input_zero_point[1] == 0 &&
                       p->output_zero_point == 0 && p->multiplier >= 0 &&
                       p->multiplier <= INT16_MAX && p->shift >= -31 && p->shift <= 14 &&
                       shunt_check_clamp_s16(p->clamp_min, p->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_MULTIPLY_BATCHES(call, multiply);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(batch_matmul_s16) = {
    .id = SHUNT_KERNEL_BATCH_MATMUL_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "batch_matmul_s16",
    .check = check,
    .run = run,
};
