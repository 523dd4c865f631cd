// SPDX-License-Identifier: Apache-2.0
#include "depthwise_planes.h"

#include "shunt_layout_portable.h"
#include "store.h"
#include "windows.h"

/// The last three rows of one channel, in 32 bits and with padding, column by column: a row has the
/// same place in each column. A new row takes the place of the oldest one.
typedef struct plane {
    const shunt_window_t *window;
    int32_t padding;
    int32_t *rows;      ///< [columns][WINDOW_ROWS], in scratch.
    uint32_t *sums;     ///< Of `sums_rows` rows of outputs, in scratch.
    uint32_t sums_rows; ///< At least 1.
    int32_t *inside;    ///< The first column inside the image, in `rows`.
    int32_t *end;       ///< Behind the last column inside the image that windows reach.
    uint32_t oldest;    ///< Place of the oldest row.
    /// By place of the oldest row, what the places are multiplied with, column by column.
    int32_t weights[WINDOW_ROWS][WINDOW_TAPS];
} plane_t;

/// Makes a plane in scratch, all of it padding.
static void make_plane(plane_t *plane, const shunt_depthwise_conv2d_params_t *p, int32_t *scratch) {
    const shunt_window_t *window = &p->window;
    const uint32_t columns = (uint32_t)shunt_portable_depthwise_columns(window);
    const uint32_t left = window->pad_left < columns ? window->pad_left : columns;
    int32_t *const end = scratch + columns * WINDOW_ROWS;
    for (int32_t *row = scratch; row != end; row++) {
        *row = p->input_zero_point;
    }
    plane->window = window;
    plane->padding = p->input_zero_point;
    plane->rows = scratch;
    plane->sums = (uint32_t *)end;
    plane->sums_rows = shunt_portable_depthwise_rows(window);
    plane->inside = scratch + left * WINDOW_ROWS;
    plane->end =
        plane->inside +
        (window->in_width < columns - left ? window->in_width : columns - left) * WINDOW_ROWS;
    plane->oldest = 0;
}

/// Loads the weights of a channel; `weights` is that of its first tap.
static void load_weights(plane_t *plane, const int8_t *weights) {
    const size_t stride = plane->window->out_channels;
    for (uint32_t row = 0; row < WINDOW_ROWS; row++) {
        const uint32_t second = row + 1 < WINDOW_ROWS ? row + 1 : row + 1 - WINDOW_ROWS;
        const uint32_t third = row + 2 < WINDOW_ROWS ? row + 2 : row + 2 - WINDOW_ROWS;
        for (uint32_t t = 0; t < WINDOW_TAPS; t += WINDOW_ROWS, weights += stride) {
            plane->weights[0][t + row] = *weights;
            plane->weights[1][t + second] = *weights;
            plane->weights[2][t + third] = *weights;
        }
    }
}

/// Loads a row of a channel, or padding if `from` is NULL.
static inline void load_row(plane_t *plane, const int8_t *from, size_t pitch) {
    int32_t *to = plane->inside + plane->oldest;
    int32_t *const end = plane->end + plane->oldest;
    plane->oldest = plane->oldest + 1 < WINDOW_ROWS ? plane->oldest + 1 : 0;
    if (from == NULL) {
        for (; to != end; to += WINDOW_ROWS) {
            *to = plane->padding;
        }
        return;
    }
    for (; to != end; to += WINDOW_ROWS, from += pitch) {
        *to = *from;
    }
}

/// Computes a channel of an image. A row of outputs is written when all rows that it reads are
/// loaded, and no row is loaded twice.
static void convolve_channel(plane_t *plane, const shunt_channel_t *channel, const int8_t *image,
                             const outputs_t *outputs, int8_t *out) {
    const shunt_window_t *window = plane->window;
    const uint32_t width = window->out_width;
    const uint32_t step = WINDOW_ROWS * (uint32_t)window->stride_width;
    const size_t pitch = window->in_channels;
    const ptrdiff_t row_bytes = (ptrdiff_t)(window->in_width * pitch);
    const int32_t height = window->in_height;
    const uint32_t bias = (uint32_t)channel->bias;
    sums_t sums = {plane->sums, 0, 1, 0};
    uint32_t *acc = plane->sums;
    uint32_t room = plane->sums_rows;
    int32_t next = -window->pad_top;
    int32_t end = next + WINDOW_ROWS; // behind the window
    for (uint32_t left = window->out_height; left != 0; left--, end += window->stride_height) {
        for (next = next < end - WINDOW_ROWS ? end - WINDOW_ROWS : next; next < end; next++) {
            const bool inside = next >= 0 && next < height;
            load_row(plane, inside ? image + next * row_bytes : NULL, pitch);
        }
        SHUNT_MULTIPLY_WINDOWS(acc, plane->rows, plane->weights[plane->oldest], bias, width, step);
        acc += width;
        room--;
        if (room == 0 || left == 1) {
            sums.pixels = (uint32_t)(acc - plane->sums);
            SHUNT_STORE_PIXELS(out, &sums, channel, outputs);
            out += sums.pixels * outputs->pitch;
            acc = plane->sums;
            room = plane->sums_rows;
        }
    }
}

void SHUNT_RUN_DEPTHWISE_PLANES(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const outputs_t outputs = {
        .range = {p->output_zero_point, p->clamp_min, p->clamp_max, call->step->flags},
        .pitch = window->out_channels};
    const int8_t *weights = shunt_constants(call, p->weights);
    const shunt_channel_t *channels = shunt_constants(call, p->channels);
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    plane_t plane;
    make_plane(&plane, p, shunt_scratch(call));
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        for (uint32_t c = 0; c < window->out_channels; c++) {
            load_weights(&plane, weights + c);
            convolve_channel(&plane, &channels[c], in + c, &outputs, out + c);
        }
        in += in_bytes;
        out += out_bytes;
    }
}
