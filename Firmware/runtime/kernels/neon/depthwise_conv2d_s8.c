// SPDX-License-Identifier: Apache-2.0
//
// One block of channels after the other. Windows of 3 x 3 take sixteen lanes at a time: through
// copied rows if they have neither strides nor gaps, else in the image. Other windows, and channels
// that fill no block, take a pixel of eight channels at a time.
#include <stddef.h>

#include "../portable/taps.h"
#include "depthwise_nine.h"
#include "depthwise_rows.h"
#include "shunt_kernel_checks.h"

/// What stays the same over all blocks of a step.
typedef struct depthwise {
    const shunt_depthwise_conv2d_params_t *params;
    const int8_t *weights;
    const shunt_neon_record_t *records;
    requantization_t requantization;
    int8_t *scratch;
} depthwise_t;

/// The weights of a block of channels.
typedef struct block_weights {
    const int8_t *first; ///< Of the first tap.
    size_t stride;       ///< Bytes from one tap to the next.
} block_weights_t;

static block_weights_t weights_at(const depthwise_t *d, uint32_t channel) {
    const shunt_window_t *window = &d->params->window;
    const uint32_t whole = window->out_channels / 16 * 16;
    const size_t taps = (size_t)window->kernel_height * window->kernel_width;
    if (channel < whole) {
        return (block_weights_t){d->weights + channel / 16 * 16 * taps + channel % 16, 16};
    }
    return (block_weights_t){d->weights + whole * taps + (channel - whole) / 8 * 8 * taps, 8};
}

// MARK: any window

static int8x8_t load_some(const int8_t *in, uint32_t count) {
    if (count >= 8) {
        return vld1_s8(in);
    }
    int8_t bytes[8] = {0};
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = in[i];
    }
    return vld1_s8(bytes);
}

static void store_some(int8_t *out, int8x8_t values, uint32_t count) {
    if (count >= 8) {
        vst1_s8(out, values);
        return;
    }
    int8_t bytes[8];
    vst1_s8(bytes, values);
    for (uint32_t i = 0; i < count; i++) {
        out[i] = bytes[i];
    }
}

/// Adds all taps of the pixel whose first tap is at y, x.
static void sum_taps(const depthwise_t *d, const int8_t *in, block_weights_t weights,
                     uint32_t count, int32_t y, int32_t x, int32x4_t acc[2]) {
    const shunt_window_t *window = &d->params->window;
    const int8x8_t padding = vdup_n_s8((int8_t)d->params->input_zero_point);
    for (uint32_t row = 0; row < window->kernel_height; row++, y += window->dilation_height) {
        const bool row_inside = y >= 0 && y < window->in_height;
        int32_t column = x;
        for (uint32_t tap = 0; tap < window->kernel_width; tap++) {
            int8x8_t value = padding;
            if (row_inside && column >= 0 && column < window->in_width) {
                const size_t pixel = (size_t)y * window->in_width + (size_t)column;
                value = load_some(in + pixel * window->in_channels, count);
            }
            const int16x8_t product = vmull_s8(value, vld1_s8(weights.first));
            acc[0] = vaddw_s16(acc[0], vget_low_s16(product));
            acc[1] = vaddw_high_s16(acc[1], product);
            weights.first += weights.stride;
            column += window->dilation_width;
        }
    }
}

/// Computes up to eight channels, `first` ... `first` + `count` - 1.
static NOINLINE void convolve_any(const depthwise_t *d, uint32_t first, uint32_t count,
                                  const int8_t *in, int8_t *out) {
    const shunt_window_t *window = &d->params->window;
    const block_weights_t weights = weights_at(d, first);
    const shunt_neon_record_t *low = d->records + first / 4;
    const shunt_neon_record_t *high = count > 4 ? low + 1 : low;
    const scale_t scales[] = {load_scale(low), load_scale(high)};
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        int32_t x = -window->pad_left;
        for (uint32_t column = 0; column < window->out_width; column++, x += window->stride_width) {
            int32x4_t acc[] = {vld1q_s32(low->bias), vld1q_s32(high->bias)};
            sum_taps(d, in, weights, count, y, x, acc);
            store_some(out, requantize_pair(&d->requantization, scales, acc), count);
            out += window->out_channels;
        }
    }
}

// MARK: 3 x 3

/// The constants of sixteen lanes: channels from `first` on, or eight of them twice.
static void load_nine(const depthwise_t *d, uint32_t first, uint32_t channels, nine_t *nine) {
    const requantization_t *r = &d->requantization;
    const block_weights_t weights = weights_at(d, first);
    for (uint32_t tap = 0; tap < 9; tap++) {
        const int8_t *of_tap = weights.first + tap * weights.stride;
        nine->weights[tap] =
            channels == 16 ? vld1q_s8(of_tap) : vcombine_s8(vld1_s8(of_tap), vld1_s8(of_tap));
    }
    scale_t scales[4];
    for (uint32_t quad = 0; quad < 4; quad++) {
        const shunt_neon_record_t *record = d->records + first / 4 + quad % (channels / 4);
        scales[quad] = load_scale(record);
        nine->bias[quad] = vld1q_s32(record->bias);
        nine->multiplier[quad] = scales[quad].multiplier;
        nine->shift[quad] = scales[quad].shift;
    }
    nine->offset[0] = pair_offset(r, &scales[0], &scales[1]);
    nine->offset[1] = pair_offset(r, &scales[2], &scales[3]);
    nine->min = vdupq_n_s8(r->min);
    nine->max = vdupq_n_s8(r->max);
}

/// Computes sixteen channels of a pixel some of whose taps lie outside the image.
static void convolve_edge(const depthwise_t *d, const nine_t *nine, const int8_t *in, int32_t y,
                          int32_t x, int8_t *out) {
    const shunt_window_t *window = &d->params->window;
    const int8x16_t padding = vdupq_n_s8((int8_t)d->params->input_zero_point);
    int8_t *taps = d->scratch;
    for (uint32_t row = 0; row < 3; row++, y += window->dilation_height) {
        const bool row_inside = y >= 0 && y < window->in_height;
        const int8_t *of_row =
            in + (row_inside ? (size_t)y * window->in_width * window->in_channels : 0);
        int32_t column = x;
        for (uint32_t tap = 0; tap < 3; tap++, column += window->dilation_width, taps += 16) {
            const bool is_inside = row_inside && column >= 0 && column < window->in_width;
            vst1q_s8(taps,
                     is_inside ? vld1q_s8(of_row + (size_t)column * window->in_channels) : padding);
        }
    }
    taps = d->scratch;
    const nine_row_t row = {{taps, taps + 48, taps + 96}, 16, 0, out, 0, 1};
    convolve_nine(nine, &d->requantization, &row);
}

/// The output columns whose taps all lie inside the image's columns.
static taps_t inside_columns(const shunt_window_t *window) {
    const int32_t stride = window->stride_width;
    const int32_t last = window->in_width - 1 - 2 * window->dilation_width + window->pad_left;
    const int32_t begin = (window->pad_left + stride - 1) / stride;
    const int32_t behind = last < 0 ? 0 : last / stride + 1;
    const int32_t end = behind < window->out_width ? behind : window->out_width;
    return (taps_t){begin < end ? begin : 0, begin < end ? end : 0, 0};
}

/// Computes sixteen channels from `first` on.
static NOINLINE void convolve_block(const depthwise_t *d, uint32_t first, const int8_t *in,
                                    int8_t *out) {
    const shunt_window_t *window = &d->params->window;
    const size_t depth = window->in_channels, row_bytes = depth * window->in_width;
    const taps_t inside = inside_columns(window);
    nine_t nine;
    load_nine(d, first, 16, &nine);
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        const bool rows_inside = y >= 0 && y + 2 * window->dilation_height < window->in_height;
        const int32_t begin = rows_inside ? inside.begin : window->out_width;
        const int32_t end = rows_inside ? inside.end : window->out_width;
        int32_t column = 0;
        for (; column < begin; column++, out += depth) {
            convolve_edge(d, &nine, in, y, column * window->stride_width - window->pad_left, out);
        }
        if (column < end) {
            const size_t x = (size_t)(column * window->stride_width - window->pad_left);
            const int8_t *taps = in + (size_t)y * row_bytes + x * depth;
            const size_t below = window->dilation_height * row_bytes;
            const uint32_t count = (uint32_t)(end - column);
            const nine_row_t middle = {{taps, taps + below, taps + 2 * below},
                                       window->dilation_width * depth,
                                       window->stride_width * depth,
                                       out,
                                       depth,
                                       count};
            convolve_nine(&nine, &d->requantization, &middle);
            column = end;
            out += count * depth;
        }
        for (; column < window->out_width; column++, out += depth) {
            convolve_edge(d, &nine, in, y, column * window->stride_width - window->pad_left, out);
        }
    }
}

// MARK: 3 x 3 without strides and gaps

#if SHUNT_NEON_DOT
#include "depthwise_copied_dot.h"
#else
#include "depthwise_copied_long.h"
#endif

/// Computes channels from `first` on, as many as the window's kind takes at once, and returns how
/// many they were.
static uint32_t convolve_channels(const depthwise_t *d, uint32_t first, const int8_t *in,
                                  int8_t *out) {
    const shunt_window_t *window = &d->params->window;
    const uint32_t left = window->out_channels - first;
    if (left >= 8 && shunt_neon_depthwise_copies(window)) {
        return convolve_copied(d, first, left, in, out);
    }
    if (left >= 16 && window->kernel_height == 3 && window->kernel_width == 3) {
        convolve_block(d, first, in, out);
        return 16;
    }
    const uint32_t count = left < 8 ? left : 8;
    convolve_any(d, first, count, in, out);
    return count;
}

static bool overlap_valid(const shunt_call_t *call, const shunt_window_t *window) {
    const shunt_blob_tensor_t *in = shunt_operand(call, 0), *out = shunt_operand(call, 1);
    return !shunt_tensors_overlap(in, out) ||
           (in->offset == out->offset && shunt_neon_depthwise_in_place(window));
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const bool valid =
        shunt_check_layer(call, sizeof *p) && shunt_check_window(call, window) &&
        window->in_channels == window->out_channels && overlap_valid(call, window) &&
        shunt_check_zero_point(p->input_zero_point) &&
        shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) &&
        (p->reserved[0] | p->reserved[1]) == 0 &&
        call->step->scratch_bytes >= shunt_neon_depthwise_scratch_bytes(window) &&
        shunt_constants_valid(call, p->weights, shunt_neon_depthwise_bytes(window)) &&
        SHUNT_NEON_RECORDS_VALID(call, p->channels, shunt_neon_quads(window->out_channels));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    depthwise_t d = {
        .params = p,
        .weights = shunt_constants(call, p->weights),
        .records = shunt_constants(call, p->channels),
        .scratch = shunt_scratch(call),
    };
    d.requantization =
        SHUNT_NEON_REQUANTIZATION(call, d.records, shunt_neon_quads(window->out_channels),
                                  p->output_zero_point, p->clamp_min, p->clamp_max);
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    for (uint32_t batch = 0; batch < window->batches; batch++, in += in_bytes, out += out_bytes) {
        for (uint32_t first = 0; first < window->out_channels;) {
            first += convolve_channels(&d, first, in + first, out + first);
        }
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(depthwise_conv2d_s8) = {
    .id = SHUNT_KERNEL_DEPTHWISE_CONV2D_S8,
    .set = SHUNT_SET_NEON,
    .version = 1,
    .name = "depthwise_conv2d_s8",
    .check = check,
    .run = run,
};
