// SPDX-License-Identifier: Apache-2.0
#include "clamp.h"
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

/// Adds a stretch of a row, widened up to `end`, times the weights of a group's outputs.
static void multiply_stretch(const layer_t *layer, rows_t *rows, const uint32_t *end,
                             uint32_t first, uint32_t count) {
    const size_t words = (size_t)(end - layer->inputs);
    // Sums have room for all that there are weights of, outputs have not.
    const uint32_t whole = rows->finish == ROWS_KEEP_SUMS ? count + 3 : count;
    const size_t fours = whole / 4;
    rows->inputs_end = end;
    rows->weights += first / 2 * words;
    rows->weights_end = rows->weights + 2 * fours * words;
    if (fours != 0) {
        SHUNT_MULTIPLY_ROWS(rows);
    }
    const size_t done = 4 * fours;
    if (done < count) {
        int8_t last[4];
        int8_t *out = (int8_t *)rows->out + done;
        rows->start += done;
        rows->out = last;
        rows->scales += done;
        rows->weights = rows->weights_end;
        rows->weights_end += 2 * words;
        SHUNT_MULTIPLY_ROWS(rows);
        for (size_t i = 0; i < count - done; i++) {
            out[i] = last[i];
        }
    }
}

/// Computes `count` outputs of a row, from `first` on.
static void multiply_group(const layer_t *layer, const int8_t *in, uint32_t first, uint32_t count,
                           int8_t *out) {
    const shunt_fully_connected_params_t *p = layer->params;
    const uint32_t stretch = shunt_dsp_stretch_blocks(p->inputs) * SHUNT_DSP_BLOCK;
    const uint32_t *weights = layer->weights;
    for (uint32_t done = 0; done < p->inputs; done += stretch) {
        const uint32_t left = p->inputs - done;
        const uint32_t *end =
            SHUNT_WIDEN_ROW(layer->inputs, in + done, left < stretch ? left : stretch);
        const bool is_last = left <= stretch;
        rows_t rows = {
            .inputs = layer->inputs,
            .start = done == 0 ? layer->biases + first : layer->sums,
            .out = is_last ? (void *)(out + first) : (void *)layer->sums,
            .scales = layer->scales + first,
            .zero_point = p->output_zero_point,
            .weights = weights,
            .finish = is_last ? layer->requantization : (uint32_t)ROWS_KEEP_SUMS,
        };
        multiply_stretch(layer, &rows, end, first, count);
        weights += shunt_dsp_filled_outputs(p->outputs) / 2 * (size_t)(end - layer->inputs);
        if (is_last) {
            return;
        }
    }
}

static void multiply_row(const layer_t *layer, const int8_t *in, int8_t *out) {
    const shunt_fully_connected_params_t *p = layer->params;
    const uint32_t group = shunt_dsp_group_outputs(p->inputs, p->outputs);
    for (uint32_t first = 0; first < p->outputs; first += group) {
        const uint32_t left = p->outputs - first;
        multiply_group(layer, in, first, left < group ? left : group, out);
    }
    SHUNT_CLAMP_ELEMENTS(out, p->outputs, p->clamp_min, p->clamp_max);
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
        .scales = (const shunt_dsp_scale_t *)(biases + shunt_dsp_filled_outputs(p->outputs)),
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
    .version = 2,
    .name = "fully_connected_s8",
    .check = check,
    .run = run,
};
