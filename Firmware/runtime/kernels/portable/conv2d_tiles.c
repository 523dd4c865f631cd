// SPDX-License-Identifier: Apache-2.0
#include "conv2d_tiles.h"

#include "store.h"
#include "taps.h"
#include "tile.h"

/// What stays the same over all tiles of a step.
typedef struct convolution {
    const shunt_conv2d_params_t *params;
    const int8_t *weights;
    const shunt_channel_t *channels;
    outputs_t outputs;
    uint32_t length; ///< Weights of one output channel.
    int32_t *tile;   ///< [length][TILE_PIXELS], in scratch.
} convolution_t;

/// Writes `count` times `value` to what one pixel of a tile reads.
static int32_t *fill(int32_t *to, int32_t value, int32_t count) {
    for (int32_t i = 0; i < count; i++, to += TILE_PIXELS) {
        *to = value;
    }
    return to;
}

/// Writes `count` neighbours to what one pixel of a tile reads.
static int32_t *spread(int32_t *to, const int8_t *from, int32_t count) {
    const int8_t *const end = from + count;
    const int8_t *const fours = from + (count & ~3);
    for (; from != fours; from += 4, to += 4 * TILE_PIXELS) {
        to[0] = from[0];
        to[TILE_PIXELS] = from[1];
        to[2 * TILE_PIXELS] = from[2];
        to[3 * TILE_PIXELS] = from[3];
    }
    for (; from != end; to += TILE_PIXELS) {
        *to = *from++;
    }
    return to;
}

/// Writes what the window at row `y` and column `x` reads, padding included, as one pixel of a
/// tile. Not inlined, so that its frame is not below that of convolve_tile.
__attribute__((noinline)) static void gather(const convolution_t *c, const int8_t *image, int32_t y,
                                             int32_t x, int32_t *to) {
    const shunt_window_t *window = &c->params->window;
    const int32_t padding = c->params->input_zero_point;
    const int32_t depth = window->in_channels, width = window->kernel_width;
    const taps_t columns = taps_inside(x, window->in_width, width, 1);
    const ptrdiff_t row_bytes = (ptrdiff_t)window->in_width * depth;
    for (int32_t row = 0; row < window->kernel_height; row++, y += window->dilation_height) {
        if (y < 0 || y >= window->in_height) {
            to = fill(to, padding, width * depth);
            continue;
        }
        to = fill(to, padding, columns.begin * depth);
        to = spread(to, image + y * row_bytes + (ptrdiff_t)columns.first * depth,
                    (columns.end - columns.begin) * depth);
        to = fill(to, padding, (width - columns.end) * depth);
    }
}

/// Computes `pixels` <= TILE_PIXELS neighbouring pixels.
static void convolve_tile(const convolution_t *c, uint32_t pixels, int8_t *out) {
    const uint32_t channels = c->params->window.out_channels;
    const int8_t *weights = c->weights;
    uint32_t acc[TILE_SUMS];
    uint32_t count;
    for (uint32_t first = 0; first < channels; first += count) {
        count = channels - first < TILE_BLOCK ? channels - first : TILE_BLOCK;
        SHUNT_MULTIPLY_TILE(acc, c->tile, weights, c->channels + first, c->length, count);
        const sums_t sums = {acc, TILE_PIXELS, count, pixels};
        SHUNT_STORE_PIXELS(out + first, &sums, c->channels + first, &c->outputs);
        weights += (size_t)count * c->length;
    }
}

static void convolve_image(const convolution_t *c, const int8_t *image, int8_t *out) {
    const shunt_window_t *window = &c->params->window;
    uint32_t pixels = 0;
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        int32_t x = -window->pad_left;
        for (uint32_t column = 0; column < window->out_width; column++, x += window->stride_width) {
            gather(c, image, y, x, c->tile + pixels);
            pixels++;
            if (pixels == TILE_PIXELS) {
                convolve_tile(c, pixels, out);
                out += pixels * window->out_channels;
                pixels = 0;
            }
        }
    }
    if (pixels != 0) {
        convolve_tile(c, pixels, out);
    }
}

void SHUNT_RUN_CONV2D_TILES(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const convolution_t convolution = {
        .params = p,
        .weights = shunt_constants(call, p->weights),
        .channels = shunt_constants(call, p->channels),
        .outputs = {.range = {p->output_zero_point, p->clamp_min, p->clamp_max, call->step->flags},
                    .pitch = window->out_channels},
        .length = (uint32_t)window->kernel_height * window->kernel_width * window->in_channels,
        .tile = shunt_scratch(call),
    };
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        convolve_image(&convolution, in + batch * in_bytes, out + batch * out_bytes);
    }
}
