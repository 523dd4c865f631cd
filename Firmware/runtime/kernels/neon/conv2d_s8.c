// SPDX-License-Identifier: Apache-2.0
//
// The inputs of four output pixels are copied side by side into scratch, where they are rows of a
// matrix that is multiplied with the weights. A pixel's inputs are all read before it is written.
#include "matrix.h"
#include "shunt_kernel_checks.h"

/// What stays the same over all pixels of a step.
typedef struct convolution {
    const shunt_conv2d_params_t *params;
    matrix_t matrix;
    const int8_t *in_end; ///< Behind the input.
    size_t row_stride;    ///< Bytes from one row of taps to the next.
    size_t run;           ///< Bytes of a row of taps, if they are neighbours.
    int32_t last_x;       ///< The last column at which a row of taps lies inside; may be negative.
} convolution_t;

/// The pixels that have been copied, and where their outputs go.
typedef struct tile {
    int8_t *rows;
    uint32_t count;
    int8_t *out;
} tile_t;

static inline void copy_exactly(const int8_t *in, size_t count, int8_t *out) {
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        vst1q_s8(out + i, vld1q_s8(in + i));
    }
    for (; i < count; i++) {
        out[i] = in[i];
    }
}

static inline void fill(int8_t *out, size_t count, int8_t value) {
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        vst1q_s8(out + i, vdupq_n_s8(value));
    }
    for (; i < count; i++) {
        out[i] = value;
    }
}

/// Copies the rows of taps of a pixel whose window lies inside the image. A copy overruns its row by
/// up to 15 bytes, which the next one overwrites; what the last one overruns meets weights of 0 or
/// is overwritten by the next pixel.
static inline void copy_inside(const convolution_t *c, const int8_t *in, int8_t *out) {
    const size_t run = c->run;
    uint32_t rows = c->params->window.kernel_height;
    const int8_t *last = in + (rows - 1) * c->row_stride;
    if ((size_t)(c->in_end - last) < run + 15) {
        for (; rows != 0; rows--) {
            copy_exactly(in, run, out);
            in += c->row_stride;
            out += run;
        }
        return;
    }
    do {
        size_t i = 0;
        do {
            vst1q_s8(out + i, vld1q_s8(in + i));
            i += 16;
        } while (i < run);
        in += c->row_stride;
        out += run;
    } while (--rows != 0);
}

/// Copies the taps of any pixel, and puts the input's zero point where they lie outside.
static void copy_padded(const convolution_t *c, const int8_t *image, int32_t y, int32_t x,
                        int8_t *out) {
    const shunt_window_t *window = &c->params->window;
    const int8_t padding = (int8_t)c->params->input_zero_point;
    const size_t depth = window->in_channels;
    for (uint32_t row = 0; row < window->kernel_height; row++, y += window->dilation_height) {
        const bool row_inside = y >= 0 && y < window->in_height;
        int32_t column = x;
        for (uint32_t tap = 0; tap < window->kernel_width; tap++) {
            if (row_inside && column >= 0 && column < window->in_width) {
                const size_t pixel = (size_t)y * window->in_width + (size_t)column;
                copy_exactly(image + pixel * depth, depth, out);
            } else {
                fill(out, depth, padding);
            }
            column += window->dilation_width;
            out += depth;
        }
    }
}

static inline void multiply_tile(const convolution_t *c, tile_t *tile) {
    SHUNT_NEON_MULTIPLY(&c->matrix, tile->rows, tile->count, tile->out);
    tile->out += tile->count * (size_t)c->matrix.channels;
    tile->count = 0;
}

static void convolve_row(const convolution_t *c, const int8_t *image, int32_t y, tile_t *tile) {
    const shunt_window_t *window = &c->params->window;
    const int32_t height = (window->kernel_height - 1) * window->dilation_height + 1;
    const bool rows_inside = y >= 0 && y + height <= window->in_height && c->last_x >= 0;
    const int8_t *in = rows_inside ? image + (size_t)y * window->in_width * window->in_channels
                                   : image;
    int32_t x = -window->pad_left;
    for (uint32_t left = window->out_width; left != 0; left--, x += window->stride_width) {
        int8_t *row = tile->rows + tile->count * (size_t)c->matrix.depth;
        if (rows_inside && (uint32_t)x <= (uint32_t)c->last_x) {
            copy_inside(c, in + (size_t)x * window->in_channels, row);
        } else {
            copy_padded(c, image, y, x, row);
        }
        if (++tile->count == SHUNT_NEON_TILE) {
            multiply_tile(c, tile);
        }
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const bool valid =
        shunt_check_layer(call, sizeof *p) && shunt_check_window(call, &p->window) &&
        shunt_check_window_overlap(call, &p->window, true) && p->groups == 1 &&
        p->reserved == 0 && shunt_check_zero_point(p->input_zero_point) &&
        shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) &&
        call->step->scratch_bytes >= shunt_neon_conv2d_scratch_bytes(&p->window) &&
        SHUNT_NEON_MATRIX_VALID(call, p->weights, p->window.out_channels,
                                shunt_neon_conv2d_columns(&p->window)) &&
        SHUNT_NEON_RECORDS_VALID(call, p->channels, shunt_neon_quads(p->window.out_channels));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const size_t in_bytes = shunt_operand(call, 0)->bytes;
    const int8_t *image = shunt_operand_in(call, 0);
    convolution_t c = {
        .params = p,
        .matrix = SHUNT_NEON_MATRIX(call, p->weights, p->channels, window->out_channels,
                                    (uint32_t)shunt_neon_conv2d_columns(window)),
        .in_end = image + in_bytes,
        .row_stride = (size_t)window->dilation_height * window->in_width * window->in_channels,
        .run = (size_t)window->kernel_width * window->in_channels,
        .last_x = window->dilation_width == 1 || window->kernel_width == 1
                      ? window->in_width - window->kernel_width
                      : -1,
    };
    c.matrix.requantization =
        SHUNT_NEON_REQUANTIZATION(call, c.matrix.records, shunt_neon_quads(window->out_channels),
                                  p->output_zero_point, p->clamp_min, p->clamp_max);
    tile_t tile = {.rows = shunt_scratch(call), .out = shunt_operand_out(call, 0)};
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        int32_t y = -window->pad_top;
        for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
            convolve_row(&c, image, y, &tile);
        }
        image += in_bytes / window->batches;
    }
    if (tile.count != 0) {
        multiply_tile(&c, &tile);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_s8) = {
    .id = SHUNT_KERNEL_CONV2D_S8,
    .set = SHUNT_SET_NEON,
    .version = 1,
    .name = "conv2d_s8",
    .check = check,
    .run = run,
};
