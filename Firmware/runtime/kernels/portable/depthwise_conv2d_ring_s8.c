// SPDX-License-Identifier: Apache-2.0
#include "depthwise.h"
#include "ring.h"
#include "shunt_kernel_checks.h"

/// What stays the same over all pixels of a step.
typedef struct depthwise {
    const shunt_depthwise_conv2d_params_t *params;
    const int8_t *weights;
    const shunt_channel_t *channels;
    output_range_t range;
} depthwise_t;

/// Computes one pixel from the two pieces of its rows.
static void convolve_pixel(const depthwise_t *d, const depthwise_taps_t taps[2],
                           const int8_t *const in[2], int8_t *out) {
    const uint32_t channels = d->params->window.out_channels;
    const size_t first_weights = (size_t)taps[0].rows * taps[0].weights_row;
    uint32_t count;
    for (uint32_t first = 0; first < channels; first += count) {
        count = channels - first < CHANNEL_BLOCK ? channels - first : CHANNEL_BLOCK;
        const int8_t *weights = d->weights + first;
        uint32_t acc[CHANNEL_BLOCK];
        for (uint32_t i = 0; i < count; i++) {
            acc[i] = (uint32_t)d->channels[first + i].bias;
        }
        for (uint32_t piece = 0; piece < 2; piece++) {
            accumulate_depthwise(&taps[piece], in[piece], weights + piece * first_weights, first,
                                 count, acc);
        }
        SHUNT_STORE_CHANNELS(out + first, acc, d->channels + first, count, &d->range);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_ring_params_t *p = call->params;
    if (call->step->params_bytes != sizeof *p) {
        return SHUNT_ERR_PARAMS;
    }
    const shunt_depthwise_conv2d_params_t *d = &p->convolution;
    const shunt_window_t *window = &d->window;
    const uint64_t weights_bytes =
        (uint64_t)window->out_channels * window->kernel_height * window->kernel_width;
    const bool valid = SHUNT_CHECK_RING_WINDOW(call, &p->ring, sizeof *p, window) &&
                       window->out_channels % window->in_channels == 0 &&
                       (d->reserved[0] | d->reserved[1]) == 0 &&
                       shunt_check_zero_point(d->input_zero_point) &&
                       shunt_check_zero_point(d->output_zero_point) &&
                       shunt_check_clamp(d->clamp_min, d->clamp_max) &&
                       shunt_constants_valid(call, d->weights, weights_bytes) &&
                       shunt_check_channels(call, d->channels, window->out_channels);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_ring_params_t *p = call->params;
    const shunt_depthwise_conv2d_params_t *params = &p->convolution;
    const shunt_window_t *window = &params->window;
    const depthwise_t depthwise = {
        .params = params,
        .weights = shunt_constants(call, params->weights),
        .channels = shunt_constants(call, params->channels),
        .range = {params->output_zero_point, params->clamp_min, params->clamp_max,
                  SHUNT_REQUANTIZE_EXACT},
    };
    depthwise_taps_t taps[2];
    for (uint32_t piece = 0; piece < 2; piece++) {
        taps[piece] = (depthwise_taps_t){
            .columns = window->kernel_width,
            .row_stride = (ptrdiff_t)((size_t)window->dilation_height * p->ring.row_bytes),
            .column_stride = (ptrdiff_t)((size_t)window->dilation_width * p->ring.pixel_bytes),
            .weights_stride = window->out_channels,
            .weights_row = (size_t)window->kernel_width * window->out_channels,
            .channel_multiplier = window->out_channels / window->in_channels,
        };
    }
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t row = 0; row < window->out_height; row++) {
        const ring_pieces_t pieces =
            SHUNT_RING_PIECES(call, &p->ring, row * window->stride_height, window->kernel_height,
                              window->dilation_height);
        taps[0].rows = pieces.rows[0];
        taps[1].rows = pieces.rows[1];
        for (uint32_t column = 0; column < window->out_width; column++) {
            const size_t offset = (size_t)column * window->stride_width * p->ring.pixel_bytes;
            const int8_t *const in[2] = {pieces.in[0] + offset, pieces.in[1] + offset};
            convolve_pixel(&depthwise, taps, in, out);
            out += window->out_channels;
        }
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(depthwise_conv2d_ring_s8) = {
    .id = SHUNT_KERNEL_DEPTHWISE_CONV2D_RING_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "depthwise_conv2d_ring_s8",
    .check = check,
    .run = run,
};
