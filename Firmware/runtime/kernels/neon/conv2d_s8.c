// SPDX-License-Identifier: Apache-2.0
//
// The inputs of four output pixels are copied side by side into scratch, where they are rows of a
// matrix that is multiplied with the weights. A pixel's inputs are all read before it is written.
#include "matrix.h"
#include "shunt_kernel_checks.h"

enum { COPY_OVERRUN = SHUNT_NEON_CONV2D_SLACK - 1 };

/// What stays the same over all pixels of a step.
typedef struct convolution {
    const shunt_conv2d_params_t *params;
    matrix_t matrix;
    const int8_t *in_end; ///< Behind the input.
    size_t row_stride;    ///< Bytes from one row of taps to the next.
    size_t run;           ///< Bytes of a row of taps.
    bool neighbours;      ///< The taps of a row are neighbours in the image.
    /// The output columns whose taps all lie inside the image's columns: none unless neighbours.
    uint32_t inside_begin, inside_end;
    /// Where the first tap of a pixel may lie at most, so that its copy may overrun.
    const int8_t *last_loose;
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

/// Fills `count` bytes, and up to 15 behind them.
static inline void fill(int8_t *out, size_t count, int8x16_t value) {
    for (size_t i = 0; i < count; i += 16) {
        vst1q_s8(out + i, value);
    }
}

// A copy may overrun a row of taps by up to COPY_OVERRUN bytes, which the next row overwrites. What
// the last one overruns meets weights of 0, or is overwritten by the next pixel, or is the end of
// the scratch.

INLINE void copy_loosely(const int8_t *in, size_t row_stride, uint32_t rows, size_t run,
                         int8_t *out) {
    if (run <= 16) {
        do {
            vst1q_s8(out, vld1q_s8(in));
            in += row_stride;
            out += run;
        } while (--rows != 0);
    } else if (run <= 32) {
        do {
            const int8x16_t low = vld1q_s8(in), high = vld1q_s8(in + 16);
            vst1q_s8(out, low);
            vst1q_s8(out + 16, high);
            in += row_stride;
            out += run;
        } while (--rows != 0);
    } else {
        do {
            size_t i = 0;
            do {
                copy_64(out + i, in + i);
                i += 64;
            } while (i < run);
            in += row_stride;
            out += run;
        } while (--rows != 0);
    }
}

/// Copies the taps of a pixel whose window lies inside the image.
INLINE void copy_inside(const convolution_t *c, const int8_t *in, int8_t *out) {
    uint32_t rows = c->params->window.kernel_height;
    if (in <= c->last_loose) {
        copy_loosely(in, c->row_stride, rows, c->run, out);
    } else {
        for (; rows != 0; rows--) {
            copy_exactly(in, c->run, out);
            in += c->row_stride;
            out += c->run;
        }
    }
}

/// Copies a pixel's taps, one by one, and puts the input's zero point where they lie outside.
static void copy_taps(const convolution_t *c, const int8_t *image, int32_t y, int32_t x,
                      int8_t *out) {
    const shunt_window_t *window = &c->params->window;
    const int8x16_t padding = vdupq_n_s8((int8_t)c->params->input_zero_point);
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

/// Does what copy_taps does, row by row, for taps that are neighbours.
static void copy_padded(const convolution_t *c, const int8_t *image, int32_t y, int32_t x,
                        int8_t *out) {
    const shunt_window_t *window = &c->params->window;
    const int8x16_t padding = vdupq_n_s8((int8_t)c->params->input_zero_point);
    const int32_t kernel = window->kernel_width, width = window->in_width;
    const int32_t begin = x >= 0 ? 0 : -x < kernel ? -x : kernel;
    const int32_t end = x >= width ? begin : width - x < kernel ? width - x : kernel;
    const size_t depth = window->in_channels, run = c->run;
    const size_t left = (size_t)begin * depth;
    const size_t inside = end > begin ? (size_t)(end - begin) * depth : 0;
    const size_t right = run - left - inside;
    const int8_t *in = image + (size_t)(x + begin) * depth;
    for (uint32_t row = 0; row < window->kernel_height; row++, y += window->dilation_height) {
        if (inside == 0 || y < 0 || y >= window->in_height) {
            fill(out, run, padding);
        } else {
            const int8_t *taps = in + (size_t)y * width * depth;
            fill(out, left, padding);
            if ((size_t)(c->in_end - taps) < inside + 15) {
                copy_exactly(taps, inside, out + left);
            } else {
                for (size_t i = 0; i < inside; i += 16) {
                    vst1q_s8(out + left + i, vld1q_s8(taps + i));
                }
            }
            fill(out + left + inside, right, padding);
        }
        out += run;
    }
}

INLINE int8_t *next_row(const convolution_t *c, const tile_t *tile) {
    return tile->rows + tile->count * (size_t)c->matrix.depth;
}

static void multiply_tile(const convolution_t *c, tile_t *tile) {
    SHUNT_NEON_MULTIPLY(&c->matrix, tile->rows, tile->count, tile->out);
    tile->out += tile->count * (size_t)c->matrix.channels;
    tile->count = 0;
}

INLINE void advance(const convolution_t *c, tile_t *tile) {
    if (++tile->count == SHUNT_NEON_TILE) {
        multiply_tile(c, tile);
    }
}

/// Columns begin ... end - 1 of a row, some of whose taps lie outside the image.
static void convolve_edge(const convolution_t *c, const int8_t *image, int32_t y, uint32_t begin,
                          uint32_t end, tile_t *tile) {
    const shunt_window_t *window = &c->params->window;
    for (uint32_t column = begin; column < end; column++) {
        const int32_t x = (int32_t)(column * window->stride_width) - window->pad_left;
        if (c->neighbours) {
            copy_padded(c, image, y, x, next_row(c, tile));
        } else {
            copy_taps(c, image, y, x, next_row(c, tile));
        }
        advance(c, tile);
    }
}

static void convolve_row(const convolution_t *c, const int8_t *image, int32_t y, tile_t *tile) {
    const shunt_window_t *window = &c->params->window;
    const int32_t height = (window->kernel_height - 1) * window->dilation_height + 1;
    if (y < 0 || y + height > window->in_height) {
        convolve_edge(c, image, y, 0, window->out_width, tile);
        return;
    }
    const uint32_t begin = c->inside_begin, end = c->inside_end;
    const size_t depth = window->in_channels;
    convolve_edge(c, image, y, 0, begin, tile);
    const size_t x = begin * (size_t)window->stride_width - window->pad_left;
    const int8_t *in = image + ((size_t)y * window->in_width + x) * depth;
    for (uint32_t column = begin; column < end; column++) {
        copy_inside(c, in, next_row(c, tile));
        in += window->stride_width * depth;
        advance(c, tile);
    }
    convolve_edge(c, image, y, end, window->out_width, tile);
}

/// Finds the columns whose taps lie inside.
static void find_inside(convolution_t *c) {
    const shunt_window_t *window = &c->params->window;
    const uint32_t stride = window->stride_width, pad = window->pad_left;
    const uint32_t begin = (pad + stride - 1) / stride;
    const int32_t last = window->in_width - window->kernel_width + window->pad_left;
    const uint32_t end = last < 0 ? 0 : (uint32_t)last / stride + 1;
    const uint32_t width = window->out_width;
    c->inside_end = end < width ? end : width;
    c->inside_begin = begin < c->inside_end ? begin : c->inside_end;
    if (!c->neighbours) {
        c->inside_begin = c->inside_end = 0;
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
        .neighbours = window->dilation_width == 1 || window->kernel_width == 1,
    };
    const size_t reach = (window->kernel_height - 1u) * c.row_stride + c.run + COPY_OVERRUN;
    c.last_loose = reach <= in_bytes ? c.in_end - reach : image - 1;
    find_inside(&c);
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
