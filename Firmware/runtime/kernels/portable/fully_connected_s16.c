// SPDX-License-Identifier: Apache-2.0
#include "scale_s16.h"

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_fully_connected_s16_params_t *p = call->params;
    const bool valid =
        shunt_check_counts(call, 1, 1, sizeof *p) && shunt_check_type(call, 0, 2, SHUNT_TYPE_S16) &&
        shunt_check_separate(call) &&
        shunt_check_product(p->batches, p->inputs, shunt_operand(call, 0)->bytes / 2) &&
        shunt_check_product(p->batches, p->outputs, shunt_operand(call, 1)->bytes / 2) &&
        shunt_constants_valid(call, p->weights, (uint64_t)p->outputs * p->inputs) && p->wide <= 1 &&
        SHUNT_CHECK_CHANNELS16(call, p->channels, p->outputs, p->wide != 0) &&
        p->inputs <= MAX_TERMS && shunt_check_clamp_s16(p->clamp_min, p->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_fully_connected_s16_params_t *p = call->params;
    const shunt_channel16_t *channels = shunt_constants(call, p->channels);
    const int16_t *in = shunt_operand_in(call, 0);
    int16_t *out = shunt_operand_out(call, 0);
    for (uint32_t batch = 0; batch < p->batches; batch++, in += p->inputs) {
        const int8_t *weights = shunt_constants(call, p->weights);
        for (uint32_t i = 0; i < p->outputs; i++, weights += p->inputs) {
            const int64_t sum = channels[i].bias + dot_s16(in, weights, p->inputs);
            *out++ = output_s16(sum, &channels[i], p->wide != 0, p->clamp_min, p->clamp_max);
        }
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(fully_connected_s16) = {
    .id = SHUNT_KERNEL_FULLY_CONNECTED_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "fully_connected_s16",
    .check = check,
    .run = run,
};
