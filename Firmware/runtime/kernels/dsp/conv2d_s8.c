// SPDX-License-Identifier: Apache-2.0
#include "convolve.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_dsp.h"

static void multiply_block(const convolution_t *c, tile_t *tile) {
    const uint32_t out_channels = c->params->window.out_channels;
    const uint32_t whole = out_channels / 2;
    const uint32_t *weights = c->weights;
    if (whole != 0) {
        SHUNT_MULTIPLY_PAIRS(c, tile, weights, 0, whole);
    }
    if (out_channels % 2 != 0) {
        SHUNT_MULTIPLY_PAIRS(c, tile, weights + 2 * (size_t)whole * c->units, whole, 1);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const bool valid =
        shunt_check_layer(call, sizeof *p) &&
        SHUNT_CHECK_CONVOLUTION(call, shunt_dsp_conv2d_scratch_bytes(&p->window)) &&
        shunt_constants_valid(call, p->weights, shunt_dsp_conv2d_weights_bytes(&p->window));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const uint32_t units = (uint32_t)shunt_dsp_units(shunt_dsp_conv2d_length(&p->window));
    const uint32_t least_bytes = (uint32_t)shunt_dsp_conv2d_scratch_bytes(&p->window);
    const shunt_dsp_block_t block =
        shunt_dsp_conv2d_block(units, call->step->scratch_bytes - least_bytes);
    uint32_t *scratch = shunt_scratch(call);
    convolution_t c;
    c.params = p;
    c.records = shunt_constants(call, p->channels);
    c.weights = shunt_constants(call, p->weights);
    c.multiply_block = multiply_block;
    c.staged = block.is_staged ? scratch : NULL;
    c.inputs = block.is_staged ? scratch + 2 * (size_t)units : scratch;
    c.tiles = block.tiles;
    c.units = units;
    SHUNT_CONVOLVE(call, &c);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_s8) = {
    .id = SHUNT_KERNEL_CONV2D_S8,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "conv2d_s8",
    .check = check,
    .run = run,
};
