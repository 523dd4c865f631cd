// SPDX-License-Identifier: Apache-2.0
#include "clamp.h"
#include "gather.h"
#include "nibbles.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_dsp.h"
#include "tile.h"

/// What stays the same over all pixels of a step.
typedef struct convolution {
    const shunt_conv2d_params_t *params;
    nibble_rows_t weights;
    const uint32_t *records;
    uint32_t requantization;
    uint32_t *units;   ///< Scratch: inputs of the tiles.
    uint32_t *widened; ///< Scratch: weights of some pairs,
    uint32_t pairs;    ///< of so many.
} convolution_t;

/// Computes `tile`'s channels of `pixels` pixels, `pitch` bytes of output from one to the next.
static void multiply_tiles(const convolution_t *c, tile_t *tile, uint32_t pixels, int8_t *out,
                           uint32_t pitch) {
    const size_t tile_words = (size_t)tile->units * TILE_UNIT_WORDS;
    tile->inputs = c->units;
    tile->out = out;
    for (uint32_t left = pixels; left > 0; left -= tile->pixels) {
        const uint32_t count = left < TILE_PIXELS ? left : TILE_PIXELS;
        if (count != tile->pixels) {
            tile->pixels = count;
            tile->strides[0] = count > 1 ? pitch : 0;
            tile->strides[1] = count > 2 ? 2 * pitch : 0;
            tile->routes[0] = 0;
        }
        tile->inputs_end = tile->inputs + tile_words;
        SHUNT_MULTIPLY_TILE(tile);
        tile->inputs = tile->inputs_end;
        tile->out += (size_t)count * pitch;
    }
}

/// multiply_tiles for the last channel, the half of a pair.
static void multiply_last(const convolution_t *c, tile_t *tile, uint32_t pixels, int8_t *out) {
    const uint32_t out_channels = c->params->window.out_channels;
    const size_t tile_words = (size_t)tile->units * TILE_UNIT_WORDS;
    convolution_t of_tile = *c;
    for (uint32_t done = 0; done < pixels; done += TILE_PIXELS, of_tile.units += tile_words) {
        const uint32_t count = pixels - done < TILE_PIXELS ? pixels - done : TILE_PIXELS;
        int8_t halves[2 * TILE_PIXELS];
        multiply_tiles(&of_tile, tile, count, halves, 2);
        for (uint32_t pixel = 0; pixel < count; pixel++) {
            out[(size_t)(done + pixel + 1) * out_channels - 1] = halves[2 * pixel];
        }
    }
}

/// Computes `pixels` pixels, whose inputs are in the tiles.
static void multiply_pixels(const convolution_t *c, uint32_t pixels, int8_t *out) {
    const uint32_t out_channels = c->params->window.out_channels;
    const uint32_t whole = out_channels / 2;
    const size_t pair_words = 2 * (size_t)c->weights.words;
    // One by one: an initializer would call memset.
    tile_t tile;
    tile.records = c->records;
    tile.zero_point = c->params->output_zero_point;
    tile.weights = c->widened;
    tile.units = c->weights.words;
    tile.pixels = 0;
    tile.requantization = c->requantization;
    uint32_t count;
    for (uint32_t pair = 0; pair < whole; pair += count) {
        const uint32_t left = whole - pair;
        count = left < c->pairs ? left : c->pairs;
        SHUNT_WIDEN_NIBBLES(c->widened, &c->weights, pair, count);
        tile.weights_end = c->widened + count * pair_words;
        multiply_tiles(c, &tile, pixels, out + 2 * (size_t)pair, out_channels);
        tile.records += count * SHUNT_DSP_PAIR_WORDS;
    }
    if (out_channels % 2 != 0) {
        SHUNT_WIDEN_NIBBLES(c->widened, &c->weights, whole, 1);
        tile.weights_end = c->widened + pair_words;
        tile.pixels = 0;
        multiply_last(c, &tile, pixels, out);
    }
    SHUNT_CLAMP_ELEMENTS(out, (size_t)pixels * out_channels, c->params->clamp_min,
                         c->params->clamp_max);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_s4_params_t *params = call->params;
    const shunt_conv2d_params_t *p = &params->convolution;
    if (!shunt_check_layer(call, sizeof *params) || !shunt_check_window(call, &p->window) ||
        !shunt_check_window_overlap(call, &p->window, true) || p->groups != 1 ||
        !shunt_check_zero_point(p->input_zero_point) ||
        !shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) || p->reserved != 0) {
        return SHUNT_ERR_PARAMS;
    }
    const bool valid =
        call->step->scratch_bytes >= shunt_dsp_conv2d_s4_scratch_bytes(&p->window) &&
        SHUNT_CHECK_NIBBLES(call, p->weights, &params->nibbles, p->window.out_channels,
                            shunt_dsp_conv2d_length(&p->window)) &&
        shunt_constants_valid(call, p->channels,
                              shunt_dsp_conv2d_channels_bytes(p->window.out_channels));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_s4_params_t *params = call->params;
    const shunt_conv2d_params_t *p = &params->convolution;
    const uint32_t out_channels = p->window.out_channels;
    int8_t *out = shunt_operand_out(call, 0);
    const uint32_t length = (uint32_t)shunt_dsp_conv2d_length(&p->window);
    const uint32_t tiles = shunt_dsp_conv2d_s4_tiles(&p->window);
    uint32_t *widened = shunt_scratch(call);
    const uint32_t pairs = shunt_dsp_conv2d_s4_pairs(&p->window);
    uint32_t *units = widened + 2 * pairs * (size_t)shunt_dsp_units(length);
    const convolution_t convolution = {
        .params = p,
        .weights = SHUNT_NIBBLE_ROWS(call, p->weights, &params->nibbles, length),
        .records = shunt_constants(call, p->channels),
        .requantization = call->step->flags,
        .units = units,
        .widened = widened,
        .pairs = pairs,
    };
    const size_t tile_words = (size_t)convolution.weights.words * TILE_UNIT_WORDS;
    gather_t gather;
    // The last tile's units are followed by the bytes that all of them need.
    SHUNT_GATHER_BEGIN(&gather, &p->window, p->input_zero_point, shunt_operand_in(call, 0),
                       units + (tiles - 1) * tile_words);
    uint32_t left = shunt_operand(call, 1)->bytes / out_channels;
    while (left > 0) {
        uint32_t pixels = 0;
        gather.units = units;
        for (uint32_t tile = 0; tile < tiles && pixels < left; tile++) {
            const uint32_t count = left - pixels < TILE_PIXELS ? left - pixels : TILE_PIXELS;
            SHUNT_GATHER(&gather, count);
            gather.units += tile_words;
            pixels += count;
        }
        multiply_pixels(&convolution, pixels, out);
        out += (size_t)pixels * out_channels;
        left -= pixels;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_s4) = {
    .id = SHUNT_KERNEL_CONV2D_S4,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "conv2d_s4",
    .check = check,
    .run = run,
};
