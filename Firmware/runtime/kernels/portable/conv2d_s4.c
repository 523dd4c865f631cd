// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "nibbles.h"
#include "shunt_kernel_checks.h"
#include "taps.h"

/// What stays the same over all pixels of a step.
typedef struct convolution {
    const shunt_conv2d_params_t *params;
    nibble_rows_t weights; ///< Of the first group.
    const shunt_channel_t *channels;
    output_range_t range;
    uint32_t group_inputs, group_outputs; ///< Channels of one group.
    int8_t *patch;                        ///< Scratch for the taps of a group; none for 1 x 1.
} convolution_t;

/// The taps of one output pixel.
typedef struct pixel {
    taps_t rows, columns;
    const int8_t *in; ///< Image at the first tap, channel 0.
} pixel_t;

/// Whether the kernel has one tap, which always lies inside the image: there is nothing to gather.
static bool is_pointwise(const shunt_window_t *window) {
    return window->kernel_height == 1 && window->kernel_width == 1 && window->pad_top == 0 &&
           window->pad_left == 0 &&
           (window->out_height - 1) * window->stride_height < window->in_height &&
           (window->out_width - 1) * window->stride_width < window->in_width;
}

/// Writes one row of taps, all inside: `count` of them, each of `depth` channels.
static void gather_row(const convolution_t *c, const int8_t *in, int32_t count, size_t depth,
                       int8_t *out) {
    const shunt_window_t *window = &c->params->window;
    if (c->params->groups == 1 && window->dilation_width == 1) {
        memcpy(out, in, (size_t)count * depth);
        return;
    }
    const size_t pitch = (size_t)window->dilation_width * window->in_channels;
    for (int32_t tap = 0; tap < count; tap++) {
        memcpy(out + (size_t)tap * depth, in + (size_t)tap * pitch, depth);
    }
}

/// Writes what one group reads of a pixel, padding included, in the order of its weights.
static void gather(const convolution_t *c, const pixel_t *pixel, const int8_t *in) {
    const shunt_window_t *window = &c->params->window;
    const size_t depth = c->group_inputs;
    const size_t row_bytes = window->kernel_width * depth;
    const size_t row_stride =
        (size_t)window->dilation_height * window->in_width * window->in_channels;
    const int32_t columns = pixel->columns.end - pixel->columns.begin;
    if (columns != window->kernel_width ||
        pixel->rows.end - pixel->rows.begin != window->kernel_height) {
        memset(c->patch, c->params->input_zero_point, window->kernel_height * row_bytes);
    }
    int8_t *out = c->patch + (size_t)pixel->columns.begin * depth;
    for (int32_t row = pixel->rows.begin; row < pixel->rows.end; row++) {
        gather_row(c, in + (size_t)(row - pixel->rows.begin) * row_stride, columns, depth,
                   out + (size_t)row * row_bytes);
    }
}

/// Computes the channels of one group of a pixel.
static void convolve_group(const convolution_t *c, const nibble_rows_t *weights, const int8_t *in,
                           const shunt_channel_t *channels, int8_t *out) {
    uint32_t count;
    for (uint32_t first = 0; first < c->group_outputs; first += count) {
        const uint32_t left = c->group_outputs - first;
        count = left < CHANNEL_BLOCK ? left : CHANNEL_BLOCK;
        uint32_t acc[CHANNEL_BLOCK] = {0};
        for (uint32_t i = 0; i < count; i++) {
            acc[i] = (uint32_t)channels[first + i].bias;
        }
        SHUNT_ACCUMULATE_NIBBLES(acc, in, weights, first, count);
        SHUNT_STORE_CHANNELS(out + first, acc, channels + first, count, &c->range);
    }
}

static void convolve_pixel(const convolution_t *c, const pixel_t *pixel, int8_t *out) {
    const size_t pairs = (c->group_outputs + 1) / 2;
    nibble_rows_t weights = c->weights;
    const shunt_channel_t *channels = c->channels;
    const int8_t *in = pixel->in;
    for (uint32_t group = 0; group < c->params->groups; group++) {
        if (c->patch != NULL) {
            gather(c, pixel, in);
        }
        convolve_group(c, &weights, c->patch != NULL ? c->patch : in, channels, out);
        in += c->group_inputs;
        out += c->group_outputs;
        channels += c->group_outputs;
        weights.weights += pairs * weights.words;
        weights.multipliers += pairs * weights.runs;
    }
}

static void convolve_image(const convolution_t *c, const int8_t *image, int8_t *out) {
    const shunt_window_t *window = &c->params->window;
    const ptrdiff_t row_bytes = (ptrdiff_t)window->in_width * window->in_channels;
    pixel_t pixel;
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        pixel.rows =
            taps_inside(y, window->in_height, window->kernel_height, window->dilation_height);
        int32_t x = -window->pad_left;
        for (uint32_t column = 0; column < window->out_width; column++, x += window->stride_width) {
            pixel.columns =
                taps_inside(x, window->in_width, window->kernel_width, window->dilation_width);
            pixel.in = image + pixel.rows.first * row_bytes +
                       (ptrdiff_t)pixel.columns.first * window->in_channels;
            convolve_pixel(c, &pixel, out);
            out += window->out_channels;
        }
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_s4_params_t *params = call->params;
    const shunt_conv2d_params_t *p = &params->convolution;
    const shunt_window_t *window = &p->window;
    if (!shunt_check_layer(call, sizeof *params) || !shunt_check_separate(call) ||
        !shunt_check_window(call, window) || p->groups == 0 ||
        window->in_channels % p->groups != 0 || window->out_channels % p->groups != 0 ||
        !shunt_check_zero_point(p->input_zero_point) ||
        !shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) || p->reserved != 0) {
        return SHUNT_ERR_PARAMS;
    }
    const uint64_t length =
        (uint64_t)window->kernel_height * window->kernel_width * (window->in_channels / p->groups);
    const bool valid = (is_pointwise(window) || call->step->scratch_bytes >= length) &&
                       SHUNT_CHECK_NIBBLES(call, p->weights, &params->nibbles, p->groups,
                                           window->out_channels / p->groups, length) &&
                       shunt_check_records(call, p->channels, window->out_channels);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_s4_params_t *params = call->params;
    const shunt_conv2d_params_t *p = &params->convolution;
    const shunt_window_t *window = &p->window;
    const uint32_t group_inputs = window->in_channels / p->groups;
    const uint32_t length = (uint32_t)window->kernel_height * window->kernel_width * group_inputs;
    const convolution_t convolution = {
        .params = p,
        .weights = SHUNT_NIBBLE_ROWS(call, p->weights, &params->nibbles, length),
        .channels = shunt_constants(call, p->channels),
        .range = {p->output_zero_point, p->clamp_min, p->clamp_max, call->step->flags},
        .group_inputs = group_inputs,
        .group_outputs = window->out_channels / p->groups,
        .patch = is_pointwise(window) ? NULL : shunt_scratch(call),
    };
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        convolve_image(&convolution, in + batch * in_bytes, out + batch * out_bytes);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_s4) = {
    .id = SHUNT_KERNEL_CONV2D_S4,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "conv2d_s4",
    .check = check,
    .run = run,
};
