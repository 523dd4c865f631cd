// SPDX-License-Identifier: Apache-2.0
#include "clamp.h"
#include "gather.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_dsp.h"
#include "tile.h"

/// Computes the last channel, the half of a pair, of a tile's pixels.
static void multiply_last(tile_t *tile, int8_t *out, uint32_t out_channels) {
    int8_t pairs[2 * TILE_PIXELS];
    tile->out = pairs;
    SHUNT_MULTIPLY_TILE(tile);
    for (uint32_t pixel = 0; pixel < tile->pixels; pixel++) {
        out[(size_t)(pixel + 1) * out_channels - 1] = pairs[2 * pixel];
    }
}

/// Sets how many pixels the tile has, `pitch` bytes of output from one to the next.
/// Called for two tiles, rarely.
__attribute__((noinline)) static void set_pixels(tile_t *tile, uint32_t pixels, uint32_t pitch) {
    tile->pixels = pixels;
    tile->strides[0] = pixels > 1 ? pitch : 0;
    tile->strides[1] = pixels > 2 ? 2 * pitch : 0;
    tile->routes[0] = 0;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    if (!shunt_check_layer(call, sizeof *p) || !shunt_check_window(call, &p->window) ||
        !shunt_check_window_overlap(call, &p->window, true) || p->groups != 1 ||
        !shunt_check_zero_point(p->input_zero_point) ||
        !shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) || p->reserved != 0) {
        return SHUNT_ERR_PARAMS;
    }
    const bool valid =
        call->step->scratch_bytes >= shunt_dsp_conv2d_scratch_bytes(&p->window) &&
        shunt_constants_valid(call, p->weights, shunt_dsp_conv2d_weights_bytes(&p->window)) &&
        shunt_constants_valid(call, p->channels,
                              shunt_dsp_conv2d_channels_bytes(p->window.out_channels));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const uint32_t out_channels = p->window.out_channels;
    const uint32_t pairs = out_channels / 2;
    int8_t *out = shunt_operand_out(call, 0);
    gather_t gather;
    SHUNT_GATHER_BEGIN(&gather, &p->window, p->input_zero_point, shunt_operand_in(call, 0),
                       shunt_scratch(call));
    const uint32_t pair_words = gather.unit_count * (SHUNT_DSP_UNIT_BYTES / 4);
    const uint32_t *weights = shunt_constants(call, p->weights);
    // One by one: an initializer would call memset.
    tile_t tile;
    tile.records = shunt_constants(call, p->channels);
    tile.zero_point = p->output_zero_point;
    tile.inputs = gather.units;
    tile.inputs_end = gather.units + (size_t)gather.unit_count * TILE_UNIT_WORDS;
    tile.weights_end = weights + (size_t)pairs * pair_words;
    tile.weights = weights;
    tile.units = gather.unit_count;
    tile.pixels = 0;
    tile.requantization = call->step->flags;
    tile_t last = tile;
    last.records += (size_t)pairs * SHUNT_DSP_PAIR_WORDS;
    last.weights = tile.weights_end;
    last.weights_end = last.weights + pair_words;
    uint32_t left = shunt_operand(call, 1)->bytes / out_channels;
    while (left > 0) {
        const uint32_t pixels = left < TILE_PIXELS ? left : TILE_PIXELS;
        if (pixels != tile.pixels) {
            set_pixels(&tile, pixels, out_channels);
            set_pixels(&last, pixels, 2);
        }
        SHUNT_GATHER(&gather, pixels);
        if (pairs != 0) {
            tile.out = out;
            SHUNT_MULTIPLY_TILE(&tile);
        }
        if (out_channels % 2 != 0) {
            multiply_last(&last, out, out_channels);
        }
        SHUNT_CLAMP_ELEMENTS(out, (size_t)pixels * out_channels, p->clamp_min, p->clamp_max);
        out += (size_t)pixels * out_channels;
        left -= pixels;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_s8) = {
    .id = SHUNT_KERNEL_CONV2D_S8,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "conv2d_s8",
    .check = check,
    .run = run,
};
