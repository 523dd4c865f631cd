// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "accumulate.h"
#include "depthwise.h"
#include "depthwise_planes.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_portable.h"
#include "store.h"
#include "taps.h"

/// What stays the same over all pixels of a step.
typedef struct depthwise {
    const shunt_depthwise_conv2d_params_t *params;
    const int8_t *weights;
    const shunt_channel_t *channels;
    outputs_t outputs;
    depthwise_taps_t taps; ///< Those of a pixel whose window lies inside the image.
} depthwise_t;

/// The taps of one output pixel.
typedef struct pixel {
    taps_t rows, columns;
    depthwise_taps_t inside; ///< Those of rows and columns.
    const int8_t *in;        ///< Image at the first tap, channel 0.
    bool padded;             ///< Some taps lie outside, and padding is not 0.
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
    accumulate_depthwise(&pixel->inside, pixel->in, weights, first, count, acc);
    const sums_t sums = {acc, 1, count, 1};
    SHUNT_STORE_PIXELS(out + first, &sums, d->channels + first, &d->outputs);
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
    pixel_t pixel = {.inside = d->taps};
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
            pixel.inside.rows = pixel.rows.end - pixel.rows.begin;
            pixel.inside.columns = pixel.columns.end - pixel.columns.begin;
            pixel.padded = (pixel.inside.rows != window->kernel_height ||
                            pixel.inside.columns != window->kernel_width) &&
                           d->params->input_zero_point != 0;
            convolve_pixel(d, &pixel, out);
            out += window->out_channels;
        }
    }
}

/// Whether scratch is what the step can use, or none; with it the output may lie where the input
/// does.
static bool scratch_valid(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const uint32_t bytes = call->step->scratch_bytes;
    const uint64_t planes = shunt_portable_depthwise_scratch(&p->window);
    if (bytes == 0 || planes == 0) {
        return shunt_check_separate(call);
    }
    return bytes >= planes && (shunt_check_separate(call) ||
                               (shunt_operand(call, 0)->offset == shunt_operand(call, 1)->offset &&
                                shunt_portable_depthwise_in_place(&p->window)));
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    if (!shunt_check_layer(call, sizeof *p) || !shunt_check_window(call, &p->window) ||
        !scratch_valid(call) || p->window.out_channels % p->window.in_channels != 0 ||
        !shunt_check_zero_point(p->input_zero_point) ||
        !shunt_check_zero_point(p->output_zero_point) ||
        !shunt_check_clamp(p->clamp_min, p->clamp_max) || (p->reserved[0] | p->reserved[1]) != 0) {
        return SHUNT_ERR_PARAMS;
    }
    const uint64_t weights_bytes =
        (uint64_t)p->window.out_channels * p->window.kernel_height * p->window.kernel_width;
    const bool valid = shunt_constants_valid(call, p->weights, weights_bytes) &&
                       shunt_check_records(call, p->channels, p->window.out_channels);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

/// Runs a step without scratch, pixel by pixel. Not inlined, so that its frame is not below that of
/// steps with scratch.
__attribute__((noinline)) static void run_pixels(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const depthwise_t depthwise = {
        .params = p,
        .weights = shunt_constants(call, p->weights),
        .channels = shunt_constants(call, p->channels),
        .outputs = {.range = {p->output_zero_point, p->clamp_min, p->clamp_max, call->step->flags},
                    .pitch = window->out_channels},
        .taps = {.row_stride = (ptrdiff_t)((size_t)window->dilation_height * window->in_width *
                                           window->in_channels),
                 .column_stride = (ptrdiff_t)window->dilation_width * window->in_channels,
                 .weights_stride = window->out_channels,
                 .weights_row = (size_t)window->kernel_width * window->out_channels,
                 .channel_multiplier = window->out_channels / window->in_channels},
    };
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        convolve_image(&depthwise, in + batch * in_bytes, out + batch * out_bytes);
    }
}

static void run(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    if (call->step->scratch_bytes != 0 && shunt_portable_depthwise_scratch(&p->window) != 0) {
        SHUNT_RUN_DEPTHWISE_PLANES(call);
    } else {
        run_pixels(call);
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
