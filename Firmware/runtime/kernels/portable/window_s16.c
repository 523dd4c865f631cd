// SPDX-License-Identifier: Apache-2.0
#include "window_s16.h"

#include "scale_s16.h"
#include "taps.h"

/// One output pixel: the taps inside the image, and the image at the first of them.
typedef struct pixel {
    taps_t rows, columns;
    const int16_t *in;
} pixel_t;

/// Sum over the taps inside the image for one output channel.
static int64_t sum_channel(const shunt_window_t *window, const channel_layout_t *layout,
                           const pixel_t *pixel, const int16_t *in, const int8_t *weights) {
    const size_t row_stride =
        (size_t)window->dilation_height * window->in_width * window->in_channels;
    const size_t column_stride = (size_t)window->dilation_width * window->in_channels;
    int64_t sum = 0;
    for (int32_t row = pixel->rows.begin; row < pixel->rows.end; row++) {
        const int16_t *x = in;
        const int8_t *w = weights + (size_t)(row * window->kernel_width + pixel->columns.begin) *
                                        layout->tap_stride;
        for (int32_t column = pixel->columns.begin; column < pixel->columns.end; column++) {
            sum += dot_s16(x, w, layout->depth);
            x += column_stride;
            w += layout->tap_stride;
        }
        in += row_stride;
    }
    return sum;
}

static void convolve_pixel(const shunt_call_t *call, const channel_layout_t *layout,
                           const pixel_t *pixel, int16_t *out) {
    const shunt_conv2d_s16_params_t *p = call->params;
    const int8_t *weights = shunt_constants(call, p->weights);
    const shunt_channel16_t *channels = shunt_constants(call, p->channels);
    const int16_t *in = pixel->in;
    uint32_t left = layout->group_outputs;
    for (uint32_t channel = 0; channel < p->window.out_channels; channel++) {
        const int64_t sum =
            channels[channel].bias + sum_channel(&p->window, layout, pixel, in, weights);
        out[channel] =
            output_s16(sum, &channels[channel], p->wide != 0, p->clamp_min, p->clamp_max);
        weights += layout->channel_stride;
        if (--left == 0) {
            left = layout->group_outputs;
            in += layout->depth;
        }
    }
}

static void convolve_image(const shunt_call_t *call, const channel_layout_t *layout,
                           const int16_t *image, int16_t *out) {
    const shunt_conv2d_s16_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    pixel_t pixel;
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        pixel.rows =
            taps_inside(y, window->in_height, window->kernel_height, window->dilation_height);
        int32_t x = -window->pad_left;
        for (uint32_t column = 0; column < window->out_width; column++, x += window->stride_width) {
            pixel.columns =
                taps_inside(x, window->in_width, window->kernel_width, window->dilation_width);
            pixel.in = image +
                       ((size_t)pixel.rows.first * window->in_width + (size_t)pixel.columns.first) *
                           window->in_channels;
            convolve_pixel(call, layout, &pixel, out);
            out += window->out_channels;
        }
    }
}

shunt_status_t SHUNT_CHECK_WINDOW_S16(const shunt_call_t *call) {
    const shunt_conv2d_s16_params_t *p = call->params;
    if (!shunt_check_counts(call, 1, 1, sizeof *p) ||
        !shunt_check_type(call, 0, 2, SHUNT_TYPE_S16) || !shunt_check_separate(call) ||
        !shunt_check_window(call, &p->window) || p->groups == 0 ||
        p->window.in_channels % p->groups != 0 || p->window.out_channels % p->groups != 0 ||
        p->wide > 1 || !shunt_check_clamp_s16(p->clamp_min, p->clamp_max) ||
        (p->reserved[0] | p->reserved[1]) != 0) {
        return SHUNT_ERR_PARAMS;
    }
    const uint64_t terms = (uint64_t)p->window.kernel_height * p->window.kernel_width *
                           (p->window.in_channels / p->groups);
    const bool valid =
        terms <= MAX_TERMS &&
        shunt_constants_valid(call, p->weights, terms * p->window.out_channels) &&
        SHUNT_CHECK_CHANNELS16(call, p->channels, p->window.out_channels, p->wide != 0);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

void SHUNT_CONVOLVE_S16(const shunt_call_t *call, const channel_layout_t *layout) {
    const shunt_window_t *window = &((const shunt_conv2d_s16_params_t *)call->params)->window;
    const int16_t *in = shunt_operand_in(call, 0);
    int16_t *out = shunt_operand_out(call, 0);
    const size_t in_count = (size_t)window->in_height * window->in_width * window->in_channels;
    const size_t out_count = (size_t)window->out_height * window->out_width * window->out_channels;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        convolve_image(call, layout, in + batch * in_count, out + batch * out_count);
    }
}
