// SPDX-License-Identifier: Apache-2.0
#include "convolve.h"
#include "intrinsics.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_dsp.h"

/// Where the weights are.
typedef struct placement {
    const uint32_t *weights; ///< Of all pairs, as the blob has them.
    const uint32_t *first;   ///< Of the first pair: these, or a copy,
    uint32_t pairs;          ///< which has so many, if it does not have all.
} placement_t;

static void multiply_block(const convolution_t *c, tile_t *tile) {
    const placement_t *place = c->weights;
    const uint32_t out_channels = c->params->window.out_channels;
    const uint32_t whole = out_channels / 2;
    const uint32_t *end = place->weights + 2 * (size_t)whole * c->units;
    if (whole != 0) {
        if (place->pairs != whole) {
            tile->next_weights = place->weights + 2 * (size_t)place->pairs * c->units;
            tile->next_end = end;
        }
        SHUNT_MULTIPLY_PAIRS(c, tile, place->first, 0, place->pairs);
        tile->next_weights = NULL;
    }
    if (out_channels % 2 != 0) {
        SHUNT_MULTIPLY_PAIRS(c, tile, end, whole, 1);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const bool valid =
        shunt_check_layer(call, sizeof *p) && SHUNT_CHECK_CONVOLUTION(call) &&
        call->step->scratch_bytes >= shunt_dsp_conv2d_scratch_bytes(&p->window) &&
        shunt_constants_valid(call, p->weights, shunt_dsp_conv2d_weights_bytes(&p->window));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const uint32_t units = (uint32_t)shunt_dsp_units(shunt_dsp_conv2d_length(&p->window));
    const uint32_t least_bytes = (uint32_t)shunt_dsp_conv2d_scratch_bytes(&p->window);
    const uint32_t whole = p->window.out_channels / 2;
    const shunt_dsp_block_t block =
        shunt_dsp_conv2d_block(units, whole, call->step->scratch_bytes - least_bytes);
    const uint32_t *weights = shunt_constants(call, p->weights);
    uint32_t *const scratch = shunt_scratch(call);
    uint32_t *inputs = scratch;
    placement_t place = {weights, weights, whole};
    convolution_t c;
    c.params = p;
    c.records = shunt_constants(call, p->channels);
    c.weights = &place;
    c.multiply_block = multiply_block;
    c.staged = NULL;
    if (block.is_staged) {
        c.staged = scratch;
        inputs += 2 * (size_t)units;
    } else if (block.resident != 0) {
        place.first = scratch;
        place.pairs = block.resident;
        const uint32_t *const end = scratch + 2 * (size_t)units * block.resident;
        do {
            // A plain copy would become a call of memcpy.
            *inputs++ = in_register(*weights++);
        } while (inputs != end);
    }
    c.inputs = inputs;
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
