// SPDX-License-Identifier: Apache-2.0
#include "clamp.h"
#include "fours.h"
#include "shunt_kernel_checks.h"

static bool is_run_length(uint32_t length) {
    return length != 0 && length % 16 == 0 && length <= SHUNT_DSP_NIBBLE_RUN;
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
        is_run_length(nibbles->run_length) && nibbles->reserved[0] == 0 &&
        nibbles->reserved[1] == 0 &&
        call->step->scratch_bytes >=
            shunt_dsp_fully_connected_s4_scratch_bytes(p->inputs, nibbles->run_length) &&
        shunt_constants_valid(call, p->weights,
                              shunt_dsp_fully_connected_s4_weights_bytes(p->inputs, p->outputs)) &&
        shunt_constants_valid(call, nibbles->multipliers,
                              shunt_dsp_fully_connected_s4_multipliers_bytes(
                                  p->inputs, p->outputs, nibbles->run_length)) &&
        shunt_constants_valid(call, p->channels,
                              shunt_dsp_fully_connected_channels_bytes(p->outputs));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

/// Computes one row of outputs, from widened inputs.
static void multiply_row(const shunt_call_t *call, const uint32_t *inputs,
                         const uint32_t *inputs_end, int8_t *out) {
    const shunt_fully_connected_s4_params_t *params = call->params;
    const shunt_fully_connected_params_t *p = &params->layer;
    const uint32_t run_length = params->nibbles.run_length;
    const uint32_t blocks = shunt_dsp_nibble_blocks(p->inputs);
    const size_t whole = p->outputs & ~UINT32_C(3);
    const uint32_t *biases = shunt_constants(call, p->channels);
    const uint32_t *weights = shunt_constants(call, p->weights);
    // One by one: an initializer would call memset.
    fours_t fours;
    fours.multipliers = shunt_constants(call, params->nibbles.multipliers);
    fours.inputs_end = inputs_end;
    fours.inputs = inputs;
    fours.biases = biases;
    fours.scales = (const shunt_dsp_scale_t *)(biases + shunt_dsp_filled_outputs(p->outputs));
    fours.out = out;
    fours.weights_end = weights + whole * blocks * (SHUNT_DSP_NIBBLE_BLOCK_BYTES / 16);
    fours.zero_point = p->output_zero_point;
    fours.weights = weights;
    fours.requantization = call->step->flags;
    fours.blocks = blocks;
    fours.run_blocks = run_length / SHUNT_DSP_NIBBLE_BLOCK;
    if (whole != 0) {
        SHUNT_MULTIPLY_FOURS(&fours);
    }
    if (whole != p->outputs) {
        fours.multipliers += whole / 2 * shunt_dsp_nibble_runs(p->inputs, run_length);
        fours.biases += whole;
        fours.scales += whole;
        fours.out += whole;
        fours.weights = fours.weights_end;
        SHUNT_MULTIPLY_REST(&fours, p->outputs % 4);
    }
    SHUNT_CLAMP_ELEMENTS(out, p->outputs, p->clamp_min, p->clamp_max);
}

static void run(const shunt_call_t *call) {
    const shunt_fully_connected_s4_params_t *params = call->params;
    const shunt_fully_connected_params_t *p = &params->layer;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    uint32_t *inputs = shunt_scratch(call);
    for (uint32_t batch = 0; batch < p->batches; batch++) {
        const uint32_t *end =
            SHUNT_WIDEN_FOR_FOURS(inputs, in, p->inputs, params->nibbles.run_length);
        multiply_row(call, inputs, end, out);
        in += p->inputs;
        out += p->outputs;
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
