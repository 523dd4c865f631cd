// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "accumulate.h"
#include "shunt_kernel_checks.h"
#include "taps.h"

/// What stays the same over all pixels of a step.
typedef struct depthwise {
    const shunt_depthwise_conv2d_params_t *params;
    const int8_t *weights;
    const shunt_channel_t *channels;
    output_range_t range;
    uint32_t channel_multiplier; ///< Output channels that read the same input channel.
    ptrdiff_t row_stride;        ///< Bytes from the input of one row of taps to that of the next.
    ptrdiff_t column_stride;     ///< Bytes from the input of one tap to that of the next.
} depthwise_t;

/// The taps of one output pixel.
typedef struct pixel {
    taps_t rows, columns;
    const int8_t *in; ///< Image at the first tap, channel 0.
    bool padded;      ///< Some taps lie outside, and padding is not 0.
} pixel_t;

/// Adds what padding contributes to `count` channels from `first` on.
static void accumulate_padding(const depthwise_t *d, const pixel_t *pixel, uint32_t first,
                               uint32_t count, uint32_t *acc) {
    const shunt_window_t *window = &d->params->window;
    const int32_t padding = d->params->input_zero_point;
    const int8_t *weights = d->weights + first;
    for (int32_t row = 0; row < window->kernel_height; row++) {
        const bool row_inside = row >= pixel->rows.begin && row < pixel->rows.end;
        for (int32_t column = 0; column < window->kernel_width; column++) {
            if (!row_inside || column < pixel->columns.begin || column >= pixel->columns.end) {
                for (uint32_t i = 0; i < count; i++) {
                    acc[i] += (uint32_t)(padding * weights[i]);
                }
            }
            weights += window->out_channels;
        }
    }
}

/// Adds the taps inside the image to CHANNEL_BLOCK channels whose inputs are neighbours.
static void accumulate_block(const depthwise_t *d, const pixel_t *pixel, const int8_t *in,
                             const int8_t *weights, uint32_t *acc) {
    const size_t weights_stride = d->params->window.out_channels;
    const size_t skipped =
        (size_t)(d->params->window.kernel_width - (pixel->columns.end - pixel->columns.begin)) *
        weights_stride;
    const ptrdiff_t column_stride = d->column_stride;
    uint32_t sum0 = acc[0], sum1 = acc[1], sum2 = acc[2], sum3 = acc[3];
    for (int32_t row = pixel->rows.begin; row < pixel->rows.end; row++) {
        const int8_t *x = in;
        for (int32_t column = pixel->columns.begin; column < pixel->columns.end; column++) {
            sum0 += (uint32_t)(x[0] * weights[0]);
            sum1 += (uint32_t)(x[1] * weights[1]);
            sum2 += (uint32_t)(x[2] * weights[2]);
            sum3 += (uint32_t)(x[3] * weights[3]);
            x += column_stride;
            weights += weights_stride;
        }
        weights += skipped;
        in += d->row_stride;
    }
    acc[0] = sum0, acc[1] = sum1, acc[2] = sum2, acc[3] = sum3;
}

/// Sum over the taps inside the image for one channel.
static uint32_t sum_channel(const depthwise_t *d, const pixel_t *pixel, const int8_t *in,
                            const int8_t *weights) {
    const size_t weights_stride = d->params->window.out_channels;
    uint32_t sum = 0;
    for (int32_t row = pixel->rows.begin; row < pixel->rows.end; row++) {
        const int8_t *x = in;
        const int8_t *w = weights;
        for (int32_t column = pixel->columns.begin; column < pixel->columns.end; column++) {
            sum += (uint32_t)(*x * *w);
            x += d->column_stride;
            w += weights_stride;
        }
        weights += d->params->window.kernel_width * weights_stride;
        in += d->row_stride;
    }
    return sum;
}

static void convolve_channels(const depthwise_t *d, const pixel_t *pixel, uint32_t first,
                              uint32_t count, int8_t *out) {
    const shunt_window_t *window = &d->params->window;
    const int8_t *weights =
        d->weights + first +
        (ptrdiff_t)(pixel->rows.begin * window->kernel_width + pixel->columns.begin) *
            window->out_channels;
    uint32_t acc[CHANNEL_BLOCK];
    for (uint32_t i = 0; i < count; i++) {
        acc[i] = (uint32_t)d->channels[first + i].bias;
    }
    if (pixel->padded) {
        accumulate_padding(d, pixel, first, count, acc);
    }
    if (d->channel_multiplier == 1 && count == CHANNEL_BLOCK) {
        accumulate_block(d, pixel, pixel->in + first, weights, acc);
    } else {
        for (uint32_t i = 0; i < count; i++) {
            const int8_t *in = pixel->in + (first + i) / d->channel_multiplier;
            acc[i] += sum_channel(d, pixel, in, weights + i);
        }
    }
    SHUNT_STORE_CHANNELS(out + first, acc, d->channels + first, count, &d->range);
}

static void convolve_pixel(const depthwise_t *d, const pixel_t *pixel, int8_t *out) {
    const uint32_t channels = d->params->window.out_channels;
    uint32_t count;
    for (uint32_t first = 0; first < channels; first += count) {
        count = channels - first < CHANNEL_BLOCK ? channels - first : CHANNEL_BLOCK;
        convolve_channels(d, pixel, first, count, out);
    }
}

static void convolve_image(const depthwise_t *d, const int8_t *image, int8_t *out) {
    const shunt_window_t *window = &d->params->window;
    pixel_t pixel;
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        pixel.rows =
            taps_inside(y, window->in_height, window->kernel_height, window->dilation_height);
        int32_t x = -window->pad_left;
        for (uint32_t column = 0; column < window->out_width; column++, x += window->stride_width) {
            pixel.columns =
                taps_inside(x, window->in_width, window->kernel_width, window->dilation_width);
            pixel.in =
                image + ((ptrdiff_t)pixel.rows.first * window->in_width + pixel.columns.first) *
                            window->in_channels;
            pixel.padded = (pixel.rows.end - pixel.rows.begin != window->kernel_height ||
                            pixel.columns.end - pixel.columns.begin != window->kernel_width) &&
                           d->params->input_zero_point != 0;
            convolve_pixel(d, &pixel, out);
            out += window->out_channels;
        }
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    if (!shunt_check_step(call, 1, 1, sizeof *p) || !shunt_check_separate(call) ||
        !shunt_check_window(call, &p->window) ||
        p->window.out_channels % p->window.in_channels != 0 ||
        !shunt_check_zero_point(p->input_zero_point) ||
        !shunt_check_zero_point(p->output_zero_point) ||
        !shunt_check_clamp(p->clamp_min, p->clamp_max) || (p->reserved[0] | p->reserved[1]) != 0) {
        return SHUNT_ERR_PARAMS;
    }
    const uint64_t weights_bytes =
        (uint64_t)p->window.out_channels * p->window.kernel_height * p->window.kernel_width;
    const bool valid = shunt_constants_valid(call, p->weights, weights_bytes) &&
                       shunt_check_channels(call, p->channels, p->window.out_channels);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const depthwise_t depthwise = {
        .params = p,
        .weights = shunt_constants(call, p->weights),
        .channels = shunt_constants(call, p->channels),
        .range = {p->output_zero_point, p->clamp_min, p->clamp_max},
        .channel_multiplier = window->out_channels / window->in_channels,
        .row_stride =
            (ptrdiff_t)((size_t)window->dilation_height * window->in_width * window->in_channels),
        .column_stride = (ptrdiff_t)window->dilation_width * window->in_channels,
    };
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        convolve_image(&depthwise, in + batch * in_bytes, out + batch * out_bytes);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(depthwise_conv2d_s8) = {
    .id = SHUNT_KERNEL_DEPTHWISE_CONV2D_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "depthwise_conv2d_s8",
    .check = check,
    .run = run,
};
