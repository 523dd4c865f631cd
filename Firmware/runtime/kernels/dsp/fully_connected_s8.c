// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"
#include "rows.h"
#include "shunt_kernel_checks.h"

/// What stays the same over all rows of a step.
typedef struct layer {
    const shunt_fully_connected_params_t *params;
    const uint32_t *weights;
    const uint32_t *biases;
    const shunt_dsp_scale_t *scales;
    uint32_t requantization;
    uint32_t *inputs; ///< Scratch: a stretch, widened.
    uint32_t *sums;   ///< Scratch: of a group.
} layer_t;

/// A stretch of a row times the weights of `count` outputs from `first` on, into the sums.
/// @return Behind the weights of all outputs.
static const uint32_t *add_stretch(const layer_t *layer, const int8_t *in, uint32_t length,
                                   const uint32_t *weights, const uint32_t *start, uint32_t first,
                                   uint32_t count) {
    uint32_t *end = SHUNT_WIDEN_ROW(layer->inputs, in, length);
    const size_t words = (size_t)(end - layer->inputs);
    const uint32_t pairs = (count + 1) / 2;
    rows_t rows = {
        .start = start,
        .sums = layer->sums,
        .weights_end = weights + (first / 2 + (pairs & ~UINT32_C(1))) * words,
        .inputs = layer->inputs,
        .inputs_end = end,
        .weights = weights + first / 2 * words,
    };
    if (pairs > 1) {
        SHUNT_ACCUMULATE_ROWS(&rows);
    }
    if (pairs % 2 != 0) {
        rows.start += 2 * (pairs - 1);
        rows.sums += 2 * (pairs - 1);
        rows.weights = rows.weights_end;
        SHUNT_ACCUMULATE_PAIR(&rows);
    }
    return weights + (layer->params->outputs + 1) / 2 * words;
}

/// Requantizes `count` sums, from output `first` on.
static void store(const layer_t *layer, uint32_t first, uint32_t count, int8_t *out) {
    const shunt_fully_connected_params_t *p = layer->params;
    const uint32_t zero_point = (uint32_t)p->output_zero_point;
    const shunt_dsp_scale_t *scales = layer->scales + first;
    const uint32_t *sums = layer->sums;
    switch (layer->requantization) {
    case SHUNT_REQUANTIZE_LINE:
        for (uint32_t i = 0; i < count; i++) {
            out[i] = (int8_t)requantize_line(sums[i], scales[i]);
        }
        break;
    case SHUNT_REQUANTIZE_FAST:
        for (uint32_t i = 0; i < count; i++) {
            out[i] = (int8_t)requantize_fast(sums[i], scales[i], zero_point);
        }
        break;
    default:
        for (uint32_t i = 0; i < count; i++) {
            out[i] = (int8_t)requantize_exact(sums[i], scales[i], zero_point);
        }
    }
    if (is_narrow(p->clamp_min, p->clamp_max)) {
        clamp_outputs(out, count, p->clamp_min, p->clamp_max);
    }
}

static void multiply_row(const layer_t *layer, const int8_t *in, int8_t *out) {
    const shunt_fully_connected_params_t *p = layer->params;
    const uint32_t stretch = shunt_dsp_stretch_blocks(p->inputs) * SHUNT_DSP_BLOCK;
    const uint32_t group = shunt_dsp_group_outputs(p->inputs);
    uint32_t count;
    for (uint32_t first = 0; first < p->outputs; first += count) {
        count = p->outputs - first < group ? p->outputs - first : group;
        const uint32_t *weights = layer->weights;
        const uint32_t *start = layer->biases + first;
        uint32_t length;
        for (uint32_t done = 0; done < p->inputs; done += length) {
            length = p->inputs - done < stretch ? p->inputs - done : stretch;
            weights = add_stretch(layer, in + done, length, weights, start, first, count);
            start = layer->sums;
        }
        store(layer, first, count, out + first);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_fully_connected_params_t *p = call->params;
    const bool valid =
        shunt_check_layer(call, sizeof *p) && shunt_check_separate(call) &&
        shunt_check_product(p->batches, p->inputs, shunt_operand(call, 0)->bytes) &&
        shunt_check_product(p->batches, p->outputs, shunt_operand(call, 1)->bytes) &&
        shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) &&
        call->step->scratch_bytes >=
            shunt_dsp_fully_connected_scratch_bytes(p->inputs, p->outputs) &&
        shunt_constants_valid(call, p->weights,
                              shunt_dsp_fully_connected_weights_bytes(p->inputs, p->outputs)) &&
        shunt_constants_valid(call, p->channels,
                              shunt_dsp_fully_connected_channels_bytes(p->outputs));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_fully_connected_params_t *p = call->params;
    const uint32_t *biases = shunt_constants(call, p->channels);
    uint32_t *inputs = shunt_scratch(call);
    const layer_t layer = {
        .params = p,
        .weights = shunt_constants(call, p->weights),
        .biases = biases,
        .scales = (const shunt_dsp_scale_t *)(biases + (size_t)(p->outputs + 1) / 2 * 2),
        .requantization = call->step->flags,
        .inputs = inputs,
        .sums = inputs + (size_t)shunt_dsp_stretch_blocks(p->inputs) * BLOCK_WORDS,
    };
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t batch = 0; batch < p->batches; batch++) {
        multiply_row(&layer, in, out);
        in += p->inputs;
        out += p->outputs;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(fully_connected_s8) = {
    .id = SHUNT_KERNEL_FULLY_CONNECTED_S8,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "fully_connected_s8",
    .check = check,
    .run = run,
};
