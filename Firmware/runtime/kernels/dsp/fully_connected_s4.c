// SPDX-License-Identifier: Apache-2.0
#include "clamp.h"
#include "fours.h"
#include "requantize.h"
#include "shunt_kernel_checks.h"

/// Requantizes `count` sums.
static inline void store(int8_t *out, const uint32_t *sums, const uint32_t *biases,
                         const shunt_dsp_scale_t *scales, uint32_t zero_point,
                         uint32_t requantization, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (int8_t)requantize(biases[i] + sums[i], scales[i], zero_point, requantization);
    }
}

/// store, with a loop for each form.
static void store_by_form(int8_t *out, const uint32_t *sums, const uint32_t *biases,
                          const shunt_dsp_scale_t *scales, uint32_t zero_point,
                          uint32_t requantization, uint32_t count) {
    switch (requantization) {
    case SHUNT_REQUANTIZE_LINE:
        store(out, sums, biases, scales, zero_point, SHUNT_REQUANTIZE_LINE, count);
        break;
    case SHUNT_REQUANTIZE_FAST:
        store(out, sums, biases, scales, zero_point, SHUNT_REQUANTIZE_FAST, count);
        break;
    default:
        store(out, sums, biases, scales, zero_point, SHUNT_REQUANTIZE_EXACT, count);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_fully_connected_s4_params_t *params = call->params;
    const shunt_fully_connected_params_t *p = &params->layer;
    const shunt_nibbles_t *nibbles = &params->nibbles;
    const bool valid =
        shunt_check_layer(call, sizeof *params) && shunt_check_separate(call) &&
        shunt_check_product(p->batches, p->inputs, shunt_operand(call, 0)->bytes) &&
        shunt_check_product(p->batches, p->outputs, shunt_operand(call, 1)->bytes) &&
        shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) &&
        nibbles->run_length == SHUNT_DSP_NIBBLES && nibbles->multipliers == 0 &&
        nibbles->reserved[0] == 0 && nibbles->reserved[1] == 0 &&
        call->step->scratch_bytes >= shunt_dsp_fully_connected_s4_scratch_bytes(p->inputs) &&
        shunt_constants_valid(call, p->weights,
                              shunt_dsp_fully_connected_s4_weights_bytes(p->inputs, p->outputs)) &&
        shunt_constants_valid(call, p->channels,
                              shunt_dsp_fully_connected_channels_bytes(p->outputs));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_fully_connected_s4_params_t *params = call->params;
    const shunt_fully_connected_params_t *p = &params->layer;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    uint32_t *inputs = shunt_scratch(call);
    const uint32_t *biases = shunt_constants(call, p->channels);
    const shunt_dsp_scale_t *scales =
        (const shunt_dsp_scale_t *)(biases + (size_t)(p->outputs + 1) / 2 * 2);
    const uint32_t outputs = p->outputs, requantization = call->step->flags;
    const uint32_t zero_point = (uint32_t)p->output_zero_point;
    for (uint32_t batch = 0; batch < p->batches; batch++) {
        const uint32_t *end = SHUNT_WIDEN_FOR_FOURS(inputs, in, p->inputs);
        const uint32_t *weights = shunt_constants(call, p->weights);
        for (uint32_t first = 0; first < outputs; first += 4) {
            const uint32_t left = outputs - first;
            uint32_t sums[4];
            weights = SHUNT_MULTIPLY_FOUR(sums, weights, inputs, end);
            sums[1] = (uint32_t)((int32_t)sums[1] >> 4);
            store_by_form(out + first, sums, biases + first, scales + first, zero_point,
                          requantization, left < 4 ? left : 4);
        }
        clamp_elements(out, outputs, p->clamp_min, p->clamp_max);
        in += p->inputs;
        out += outputs;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(fully_connected_s4) = {
    .id = SHUNT_KERNEL_FULLY_CONNECTED_S4,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "fully_connected_s4",
    .check = check,
    .run = run,
};
