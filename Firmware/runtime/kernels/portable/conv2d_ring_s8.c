// SPDX-License-Identifier: Apache-2.0
#include "accumulate.h"
#include "ring.h"
#include "shunt_kernel_checks.h"

/// What stays the same over all pixels of a step.
typedef struct convolution {
    const shunt_conv2d_params_t *params;
    const int8_t *weights;
    const shunt_channel_t *channels;
    output_range_t range;
    size_t kernel_bytes;     ///< Weights of one output channel.
    patch_t patch;           ///< Taps of one plane.
    ptrdiff_t row_stride;    ///< Bytes from the input of one row of taps to that of the next.
    ptrdiff_t kernel_row;    ///< Weights of one row of taps.
    bool columns_contiguous; ///< Taps of one row are neighbours: a plane has all rows of a piece.
} convolution_t;

/// Adds `rows` rows of taps, the first of them at `in`, to `count` channels.
static void accumulate_rows(const convolution_t *c, const int8_t *in, const int8_t *weights,
                            int32_t rows, uint32_t count, uint32_t *acc) {
    patch_t patch = c->patch;
    int32_t planes = rows;
    if (c->columns_contiguous) {
        patch.rows = rows;
        planes = 1;
    }
    for (int32_t plane = 0; plane < planes; plane++) {
        SHUNT_ACCUMULATE(acc, count, in + plane * c->row_stride, weights + plane * c->kernel_row,
                         c->kernel_bytes, &patch);
    }
}

static void convolve_pixel(const convolution_t *c, const ring_pieces_t *pieces, size_t offset,
                           int8_t *out) {
    const uint32_t channels = c->params->window.out_channels;
    uint32_t count;
    for (uint32_t first = 0; first < channels; first += count) {
        count = channels - first < CHANNEL_BLOCK ? channels - first : CHANNEL_BLOCK;
        const int8_t *weights = c->weights + first * c->kernel_bytes;
        uint32_t acc[CHANNEL_BLOCK];
        for (uint32_t i = 0; i < count; i++) {
            acc[i] = (uint32_t)c->channels[first + i].bias;
        }
        accumulate_rows(c, pieces->in[0] + offset, weights, pieces->rows[0], count, acc);
        accumulate_rows(c, pieces->in[1] + offset, weights + pieces->rows[0] * c->kernel_row,
                        pieces->rows[1], count, acc);
        SHUNT_STORE_CHANNELS(out + first, acc, c->channels + first, count, &c->range);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_ring_params_t *p = call->params;
    if (call->step->params_bytes != sizeof *p) {
        return SHUNT_ERR_PARAMS;
    }
    const shunt_conv2d_params_t *c = &p->convolution;
    const shunt_window_t *window = &c->window;
    const uint64_t weights_bytes = (uint64_t)window->out_channels * window->kernel_height *
                                   window->kernel_width * window->in_channels;
    const bool valid = SHUNT_CHECK_RING_WINDOW(call, &p->ring, sizeof *p, window) &&
                       c->groups == 1 && c->reserved == 0 &&
                       shunt_check_zero_point(c->input_zero_point) &&
                       shunt_check_zero_point(c->output_zero_point) &&
                       shunt_check_clamp(c->clamp_min, c->clamp_max) &&
                       shunt_constants_valid(call, c->weights, weights_bytes) &&
                       shunt_check_channels(call, c->channels, window->out_channels);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_ring_params_t *p = call->params;
    const shunt_conv2d_params_t *params = &p->convolution;
    const shunt_window_t *window = &params->window;
    const int32_t depth = window->in_channels;
    const int32_t pitch = (int32_t)p->ring.pixel_bytes;
    const bool contiguous = window->dilation_width == 1 && pitch == depth;
    const ptrdiff_t kernel_row = (ptrdiff_t)window->kernel_width * depth;
    const ptrdiff_t row_stride = (ptrdiff_t)((size_t)window->dilation_height * p->ring.row_bytes);
    const convolution_t convolution = {
        .params = params,
        .weights = shunt_constants(call, params->weights),
        .channels = shunt_constants(call, params->channels),
        .range = {params->output_zero_point, params->clamp_min, params->clamp_max,
                  SHUNT_REQUANTIZE_EXACT},
        .kernel_bytes = (size_t)window->kernel_height * (size_t)kernel_row,
        .patch = contiguous ? (patch_t){0, (int32_t)kernel_row, row_stride, kernel_row}
                            : (patch_t){window->kernel_width, depth,
                                        (ptrdiff_t)window->dilation_width * pitch, depth},
        .row_stride = row_stride,
        .kernel_row = kernel_row,
        .columns_contiguous = contiguous,
    };
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t row = 0; row < window->out_height; row++) {
        const ring_pieces_t pieces =
            SHUNT_RING_PIECES(call, &p->ring, row * window->stride_height, window->kernel_height,
                              window->dilation_height);
        for (uint32_t column = 0; column < window->out_width; column++) {
            const size_t offset = (size_t)column * window->stride_width * (size_t)pitch;
            convolve_pixel(&convolution, &pieces, offset, out);
            out += window->out_channels;
        }
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_ring_s8) = {
    .id = SHUNT_KERNEL_CONV2D_RING_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "conv2d_ring_s8",
    .check = check,
    .run = run,
};
