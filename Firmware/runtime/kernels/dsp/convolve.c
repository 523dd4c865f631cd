// SPDX-License-Identifier: Apache-2.0
#include "convolve.h"

#include "clamp.h"
#include "gather.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_dsp.h"
#include "tile.h"

void SHUNT_MULTIPLY_PAIRS(const convolution_t *convolution, tile_t *tile, const uint32_t *weights,
                          uint32_t pair, uint32_t count) {
    const convolution_t *c = convolution;
    const uint32_t out_channels = c->params->window.out_channels;
    const uint32_t is_half = 2 * pair + 1 == out_channels ? 1 : 0;
    tile->records = c->records + (size_t)pair * SHUNT_DSP_PAIR_WORDS;
    tile->out = c->out + 2 * (size_t)pair;
    tile->weights = weights;
    tile->all_weights_end = weights + 2 * (size_t)count * c->units;
    tile->out_step = TILE_PIXELS * out_channels - 2 + is_half;
    tile->is_half = is_half;
    SHUNT_MULTIPLY_TILES(tile);
}

/// Sets how many tiles of how many pixels the next blocks have, with `left` pixels to go; all tiles
/// of a block have the same number.
/// @return The number of tiles.
static uint32_t plan_blocks(const convolution_t *c, tile_t *tile, uint32_t left) {
    const uint32_t pitch = c->params->window.out_channels;
    const uint32_t pixels = left < TILE_PIXELS ? left : TILE_PIXELS;
    const uint32_t tiles = left / pixels < c->tiles ? left / pixels : c->tiles;
    tile->pixels = pixels;
    tile->strides[0] = pixels > 1 ? pitch : 0;
    tile->strides[1] = pixels > 2 ? 2 * pitch : 0;
    tile->inputs_end = c->inputs + (size_t)tiles * c->units * TILE_UNIT_WORDS;
    return tiles;
}

bool SHUNT_CHECK_CONVOLUTION(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    return shunt_check_window(call, &p->window) &&
           shunt_check_window_overlap(call, &p->window, true) && p->groups == 1 &&
           shunt_check_zero_point(p->input_zero_point) &&
           shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) &&
           p->reserved == 0 &&
           shunt_constants_valid(call, p->channels,
                                 shunt_dsp_conv2d_channels_bytes(p->window.out_channels));
}

void SHUNT_CONVOLVE(const shunt_call_t *call, convolution_t *convolution) {
    convolution_t *c = convolution;
    const shunt_conv2d_params_t *p = c->params;
    const uint32_t out_channels = p->window.out_channels;
    // One by one: an initializer would call memset.
    tile_t tile;
    tile.zero_point = p->output_zero_point;
    tile.tile_bytes = c->units * SHUNT_DSP_TILE_UNIT_BYTES;
    tile.inputs = c->inputs;
    tile.staged = c->staged;
    tile.pair_bytes = c->units * SHUNT_DSP_UNIT_BYTES;
    tile.requantization = call->step->flags;
    tile.next_weights = NULL;
    tile.next_end = NULL;
    const size_t tile_words = (size_t)c->units * TILE_UNIT_WORDS;
    gather_t gather;
    SHUNT_GATHER_BEGIN(&gather, &p->window, p->input_zero_point, shunt_operand_in(call, 0),
                       c->inputs + (c->tiles - 1) * tile_words);
    c->out = shunt_operand_out(call, 0);
    uint32_t left = shunt_operand(call, 1)->bytes / out_channels;
    uint32_t tiles = 0, pixels = UINT32_MAX;
    while (left > 0) {
        if (left < pixels) {
            tiles = plan_blocks(c, &tile, left);
            pixels = tiles * tile.pixels;
        }
        gather.units = c->inputs;
        for (uint32_t i = tiles; i > 0; i--) {
            SHUNT_GATHER(&gather, tile.pixels);
            gather.units += tile_words;
        }
        c->multiply_block(c, &tile);
        const size_t bytes = (size_t)pixels * out_channels;
        SHUNT_CLAMP_ELEMENTS(c->out, bytes, p->clamp_min, p->clamp_max);
        c->out += bytes;
        left -= pixels;
    }
}
