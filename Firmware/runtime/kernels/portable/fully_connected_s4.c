// SPDX-License-Identifier: Apache-2.0
#include "nibbles.h"
#include "shunt_kernel_checks.h"

static void multiply_row(const shunt_fully_connected_params_t *p, const nibble_rows_t *weights,
                         const shunt_channel_t *channels, const output_range_t *range,
                         const int8_t *in, int8_t *out) {
    uint32_t count;
    for (uint32_t first = 0; first < p->outputs; first += count) {
        count = p->outputs - first < CHANNEL_BLOCK ? p->outputs - first : CHANNEL_BLOCK;
        uint32_t acc[CHANNEL_BLOCK] = {0};
        for (uint32_t i = 0; i < count; i++) {
            acc[i] = (uint32_t)channels[first + i].bias;
        }
        SHUNT_ACCUMULATE_NIBBLES(acc, in, weights, first, count);
        SHUNT_STORE_CHANNELS(out + first, acc, channels + first, count, range);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_fully_connected_s4_params_t *params = call->params;
    const shunt_fully_connected_params_t *p = &params->layer;
    const bool valid =
        shunt_check_layer(call, sizeof *params) && shunt_check_separate(call) &&
        shunt_check_product(p->batches, p->inputs, shunt_operand(call, 0)->bytes) &&
        shunt_check_product(p->batches, p->outputs, shunt_operand(call, 1)->bytes) &&
        SHUNT_CHECK_NIBBLES(call, p->weights, &params->nibbles, 1, p->outputs, p->inputs) &&
        shunt_check_records(call, p->channels, p->outputs) &&
        shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_fully_connected_s4_params_t *params = call->params;
    const shunt_fully_connected_params_t *p = &params->layer;
    const nibble_rows_t weights = SHUNT_NIBBLE_ROWS(call, p->weights, &params->nibbles, p->inputs);
    const shunt_channel_t *channels = shunt_constants(call, p->channels);
    const output_range_t range = {p->output_zero_point, p->clamp_min, p->clamp_max,
                                  call->step->flags};
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t batch = 0; batch < p->batches; batch++) {
        multiply_row(p, &weights, channels, &range, in, out);
        in += p->inputs;
        out += p->outputs;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(fully_connected_s4) = {
    .id = SHUNT_KERNEL_FULLY_CONNECTED_S4,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "fully_connected_s4",
    .check = check,
    .run = run,
};
