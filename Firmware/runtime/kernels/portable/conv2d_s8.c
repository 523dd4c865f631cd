// SPDX-License-Identifier: Apache-2.0
#include "accumulate.h"
#include "conv2d_tiles.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_portable.h"
#include "store.h"
#include "taps.h"

/// What stays the same over all pixels of a step.
typedef struct convolution {
    const shunt_conv2d_params_t *params;
    const int8_t *weights;
    const shunt_channel_t *channels;
    outputs_t outputs;
    uint32_t group_inputs, group_outputs; ///< Channels of one group.
    size_t kernel_bytes;                  ///< Weights of one output channel.
    bool rows_contiguous;                 ///< Taps of one row are neighbours in the image.
} convolution_t;

/// The taps of one output pixel.
typedef struct pixel {
    taps_t rows, columns;
    const int8_t *in;    ///< Image at the first tap, channel 0.
    ptrdiff_t weights;   ///< Offset of the first tap's weights.
    int32_t planes;      ///< Patches to sum up: 1 if rows are contiguous, else one per row of taps.
    ptrdiff_t in_stride; ///< From one plane to the next.
    ptrdiff_t weights_stride;
    patch_t patch; ///< Of one plane.
    bool padded;   ///< Some taps lie outside, and padding is not 0.
} pixel_t;

static uint32_t sum_bytes(const int8_t *bytes, int32_t count) {
    uint32_t sum = 0;
    for (int32_t i = 0; i < count; i++) {
        const int32_t value = bytes[i];
        sum += (uint32_t)value;
    }
    return sum;
}

/// Sum of one channel's weights whose taps lie outside the image.
static uint32_t sum_outside(const convolution_t *c, const pixel_t *pixel, const int8_t *weights) {
    const int32_t depth = (int32_t)c->group_inputs;
    const int32_t width = c->params->window.kernel_width * depth;
    const int32_t left = pixel->columns.begin * depth;
    const int32_t right = pixel->columns.end * depth;
    uint32_t sum = 0;
    for (int32_t row = 0; row < c->params->window.kernel_height; row++, weights += width) {
        if (row < pixel->rows.begin || row >= pixel->rows.end) {
            sum += sum_bytes(weights, width);
        } else {
            sum += sum_bytes(weights, left) + sum_bytes(weights + right, width - right);
        }
    }
    return sum;
}

/// Computes channels first ... first + count - 1 of a pixel; they belong to one group.
static void convolve_channels(const convolution_t *c, const pixel_t *pixel, const int8_t *in,
                              uint32_t first, uint32_t count, int8_t *out) {
    const int8_t *weights = c->weights + first * c->kernel_bytes;
    const shunt_channel_t *channels = c->channels + first;
    uint32_t acc[CHANNEL_BLOCK];
    for (uint32_t i = 0; i < count; i++) {
        acc[i] = (uint32_t)channels[i].bias;
        if (pixel->padded) {
            acc[i] += (uint32_t)c->params->input_zero_point *
                      sum_outside(c, pixel, weights + i * c->kernel_bytes);
        }
    }
    weights += pixel->weights;
    for (int32_t plane = 0; plane < pixel->planes; plane++) {
        SHUNT_ACCUMULATE(acc, count, in + plane * pixel->in_stride,
                         weights + plane * pixel->weights_stride, c->kernel_bytes, &pixel->patch);
    }
    const sums_t sums = {acc, 1, count, 1};
    SHUNT_STORE_PIXELS(out + first, &sums, channels, &c->outputs);
}

static void convolve_pixel(const convolution_t *c, const pixel_t *pixel, int8_t *out) {
    uint32_t first = 0;
    for (uint32_t group = 0; group < c->params->groups; group++) {
        const int8_t *in = pixel->in + group * c->group_inputs;
        const uint32_t end = first + c->group_outputs;
        while (first < end) {
            const uint32_t count = end - first < CHANNEL_BLOCK ? end - first : CHANNEL_BLOCK;
            convolve_channels(c, pixel, in, first, count, out);
            first += count;
        }
    }
}

/// Describes the pixel whose taps are pixel->rows and pixel->columns, in the image at `image`.
static void locate_taps(const convolution_t *c, const int8_t *image, pixel_t *pixel) {
    const shunt_window_t *window = &c->params->window;
    const int32_t depth = (int32_t)c->group_inputs;
    const int32_t rows = pixel->rows.end - pixel->rows.begin;
    const int32_t columns = pixel->columns.end - pixel->columns.begin;
    const ptrdiff_t row_bytes = (ptrdiff_t)window->in_width * window->in_channels;
    const ptrdiff_t row_stride = (ptrdiff_t)((size_t)window->dilation_height * (size_t)row_bytes);
    const ptrdiff_t kernel_row = (ptrdiff_t)window->kernel_width * depth;
    pixel->in = image + pixel->rows.first * row_bytes +
                (ptrdiff_t)pixel->columns.first * window->in_channels;
    pixel->weights = pixel->rows.begin * kernel_row + (ptrdiff_t)pixel->columns.begin * depth;
    pixel->in_stride = row_stride;
    pixel->weights_stride = kernel_row;
    if (c->rows_contiguous) {
        pixel->planes = 1;
        pixel->patch = (patch_t){rows, columns * depth, row_stride, kernel_row};
    } else {
        pixel->planes = rows;
        pixel->patch = (patch_t){columns, depth,
                                 (ptrdiff_t)window->dilation_width * window->in_channels, depth};
    }
    pixel->padded = (rows != window->kernel_height || columns != window->kernel_width) &&
                    c->params->input_zero_point != 0;
}

static void convolve_image(const convolution_t *c, const int8_t *image, int8_t *out) {
    const shunt_window_t *window = &c->params->window;
    pixel_t pixel;
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        pixel.rows =
            taps_inside(y, window->in_height, window->kernel_height, window->dilation_height);
        int32_t x = -window->pad_left;
        for (uint32_t column = 0; column < window->out_width; column++, x += window->stride_width) {
            pixel.columns =
                taps_inside(x, window->in_width, window->kernel_width, window->dilation_width);
            locate_taps(c, image, &pixel);
            convolve_pixel(c, &pixel, out);
            out += window->out_channels;
        }
    }
}

/// Whether scratch is what the step can use, or none; with it the output may lie over the input.
static bool scratch_valid(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const uint32_t bytes = call->step->scratch_bytes;
    const uint64_t tile = shunt_portable_conv2d_scratch(&p->window, p->groups);
    return bytes != 0 && tile != 0
               ? bytes >= tile && shunt_check_window_overlap(call, &p->window, true)
               : shunt_check_separate(call);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    if (!shunt_check_layer(call, sizeof *p) || !shunt_check_window(call, &p->window) ||
        !scratch_valid(call) || p->groups == 0 || p->window.in_channels % p->groups != 0 ||
        p->window.out_channels % p->groups != 0 || !shunt_check_zero_point(p->input_zero_point) ||
        !shunt_check_zero_point(p->output_zero_point) ||
        !shunt_check_clamp(p->clamp_min, p->clamp_max) || p->reserved != 0) {
        return SHUNT_ERR_PARAMS;
    }
    const uint64_t weights_bytes = (uint64_t)p->window.out_channels * p->window.kernel_height *
                                   p->window.kernel_width * (p->window.in_channels / p->groups);
    const bool valid = shunt_constants_valid(call, p->weights, weights_bytes) &&
                       shunt_check_records(call, p->channels, p->window.out_channels);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

/// Runs a step without scratch, pixel by pixel. Not inlined, so that its frame is not below that of
/// steps with scratch.
__attribute__((noinline)) static void run_pixels(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const uint32_t group_inputs = window->in_channels / p->groups;
    const convolution_t convolution = {
        .params = p,
        .weights = shunt_constants(call, p->weights),
        .channels = shunt_constants(call, p->channels),
        .outputs = {.range = {p->output_zero_point, p->clamp_min, p->clamp_max, call->step->flags},
                    .pitch = window->out_channels},
        .group_inputs = group_inputs,
        .group_outputs = window->out_channels / p->groups,
        .kernel_bytes = (size_t)window->kernel_height * window->kernel_width * group_inputs,
        .rows_contiguous = p->groups == 1 && window->dilation_width == 1,
    };
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        convolve_image(&convolution, in + batch * in_bytes, out + batch * out_bytes);
    }
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    if (call->step->scratch_bytes != 0 &&
        shunt_portable_conv2d_scratch(&p->window, p->groups) != 0) {
        SHUNT_RUN_CONV2D_TILES(call);
    } else {
        run_pixels(call);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_s8) = {
    .id = SHUNT_KERNEL_CONV2D_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "conv2d_s8",
    .check = check,
    .run = run,
};
