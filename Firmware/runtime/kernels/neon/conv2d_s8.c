// SPDX-License-Identifier: Apache-2.0
//
// The inputs of four output pixels are copied side by side into scratch, where they are rows of a
// matrix that is multiplied with the weights. A pixel's inputs are all read before it is written.
#include "../portable/taps.h"
#include "conv2d_rows.h"
#include "multiply_tile.h"
#include "shunt_kernel_checks.h"

/// The rows of taps of an output row.
typedef struct tap_rows {
    uint32_t above, inside, below; ///< How many lie above, in and below the image.
} tap_rows_t;

/// How copy_tile copies four pixels in the middle of a row.
typedef enum copying {
    COPYING_BLOCK,      ///< One row of taps each, and neighbours without padding: as one piece.
    COPYING_ONE_ROW,    ///< One row of taps each, of at most 64 bytes.
    COPYING_THREE_ROWS, ///< Three of at most 64 bytes.
    COPYING_THREE_LONG, ///< Three of any length.
    COPYING_PIXELS      ///< One pixel after the other.
} copying_t;

enum { COPY_OVERRUN = SHUNT_NEON_CONV2D_SLACK - 1 };

/// What stays the same over all pixels of a step.
typedef struct convolution {
    const shunt_conv2d_params_t *params;
    matrix_t matrix;
    const int8_t *in_end;            ///< Behind the input.
    size_t row_stride;               ///< Bytes from one row of taps to the next.
    size_t run;                      ///< Bytes of a row of taps.
    uint32_t batches, rows, columns; ///< Of output pixels; a step without neighbours is one row.
    uint32_t tap_rows;               ///< The window's height.
    size_t step;                     ///< Bytes from one pixel's first tap to that of the next.
    bool neighbours;                 ///< The taps of a row are neighbours in the image.
    copying_t copying;
    /// The output columns whose taps all lie inside the image's columns: none unless neighbours.
    uint32_t inside_begin, inside_end;
    /// Where the first tap of a pixel may lie at most, so that its copy may overrun.
    const int8_t *last_loose;
} convolution_t;

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
    } else if (run <= 64) {
        do {
            copy_64(out, in);
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

/// Fills `rows` rows of taps.
INLINE int8_t *fill_rows(const convolution_t *c, uint32_t rows, int8_t *out) {
    if (rows != 0) {
        fill(out, rows * c->run, vdupq_n_s8((int8_t)c->params->input_zero_point));
    }
    return out + rows * c->run;
}

/// Copies the taps of a pixel whose window lies inside the image's columns. `in` is the first tap
/// that lies inside.
INLINE void copy_inside(const convolution_t *c, const int8_t *in, const tap_rows_t *rows,
                        int8_t *out) {
    const size_t run = c->run, row_stride = c->row_stride;
    uint32_t left = rows->inside;
    out = fill_rows(c, rows->above, out);
    if (in <= c->last_loose) {
        copy_loosely(in, row_stride, left, run, out);
        out += left * run;
    } else {
        for (; left != 0; left--) {
            copy_exactly(in, run, out);
            in += row_stride;
            out += run;
        }
    }
    fill_rows(c, rows->below, out);
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

/// Copies `run` bytes, 64 at a time.
INLINE void copy_run(const int8_t *in, size_t run, int8_t *out) {
    size_t i = 0;
    do {
        copy_64(out + i, in + i);
        i += 64;
    } while (i < run);
}

/// Fills `count` bytes, and up to 63 behind them.
INLINE void fill_run(int8_t *out, size_t count, int8x16_t value) {
    for (size_t i = 0; i < count; i += 64) {
        vst1q_s8(out + i, value);
        vst1q_s8(out + i + 16, value);
        vst1q_s8(out + i + 32, value);
        vst1q_s8(out + i + 48, value);
    }
}

/// Does what copy_taps does, row by row, for taps that are neighbours. `row` is the first row of
/// taps that lies inside the image, from its first column on.
static void copy_padded(const convolution_t *c, const int8_t *row, const tap_rows_t *rows,
                        int32_t x, int8_t *out) {
    const shunt_window_t *window = &c->params->window;
    const int8x16_t padding = vdupq_n_s8((int8_t)c->params->input_zero_point);
    const int32_t kernel = window->kernel_width, width = window->in_width;
    const int32_t begin = x >= 0 ? 0 : -x < kernel ? -x : kernel;
    const int32_t end = x >= width ? begin : width - x < kernel ? width - x : kernel;
    const size_t depth = window->in_channels, run = c->run, row_stride = c->row_stride;
    const size_t left = (size_t)begin * depth;
    const size_t inside = end > begin ? (size_t)(end - begin) * depth : 0;
    const size_t right = run - left - inside;
    const int8_t *in = inside != 0 ? row + (size_t)(x + begin) * depth : row;
    const size_t reach = rows->inside * row_stride + inside + COPY_OVERRUN;
    const bool is_loose = reach <= (size_t)(c->in_end - in) + row_stride;
    out = fill_rows(c, rows->above, out);
    for (uint32_t count = rows->inside; count != 0; count--) {
        fill_run(out, left, padding);
        if (!is_loose) {
            copy_exactly(in, inside, out + left);
        } else if (inside != 0) {
            copy_run(in, inside, out + left);
        }
        fill_run(out + left + inside, right, padding);
        in += row_stride;
        out += run;
    }
    fill_rows(c, rows->below, out);
}

/// The next pixel to be copied.
typedef struct cursor {
    const convolution_t *convolution;
    const int8_t *image; ///< Of the pixel's batch.
    uint32_t batch, row, column;
    int32_t y;            ///< Of the first tap.
    tap_rows_t rows;      ///< Of the row's pixels.
    const int8_t *row_in; ///< The row of the first taps that lie inside, if there are such.
    const int8_t *in;     ///< If the pixel is inside: the first of its taps that is in the image.
    uint32_t inside;      ///< Pixels from this one on that lie inside, until the row's end.
} cursor_t;

/// Enters the part of a row that lies inside, if the cursor is where it begins.
static void enter_inside(cursor_t *cursor) {
    const convolution_t *c = cursor->convolution;
    const shunt_window_t *window = &c->params->window;
    const uint32_t inside = c->inside_end - c->inside_begin;
    if (cursor->column == c->inside_begin && cursor->rows.inside != 0 && inside != 0) {
        const size_t x = c->inside_begin * (size_t)window->stride_width - window->pad_left;
        cursor->in = cursor->row_in + x * window->in_channels;
        cursor->inside = inside;
    }
}

/// Locates the taps of the row's pixels, if there is such a row.
static void enter_row(cursor_t *cursor) {
    const shunt_window_t *window = &cursor->convolution->params->window;
    const taps_t taps =
        taps_inside(cursor->y, window->in_height, window->kernel_height, window->dilation_height);
    cursor->column = 0;
    cursor->inside = 0;
    cursor->rows = (tap_rows_t){(uint32_t)taps.begin, (uint32_t)(taps.end - taps.begin),
                                (uint32_t)(window->kernel_height - taps.end)};
    cursor->row_in = cursor->image + (size_t)taps.first * window->in_width * window->in_channels;
    enter_inside(cursor);
}

static void next_row(cursor_t *cursor) {
    const convolution_t *c = cursor->convolution;
    const shunt_window_t *window = &c->params->window;
    cursor->y += window->stride_height;
    if (++cursor->row == c->rows) {
        cursor->batch++;
        cursor->row = 0;
        cursor->y = -window->pad_top;
        cursor->image += (size_t)window->in_height * window->in_width * window->in_channels;
    }
    if (cursor->batch != c->batches) {
        enter_row(cursor);
    }
}

INLINE void copy_three(const int8_t *in, size_t row_stride, size_t run, int8_t *out) {
    copy_64(out, in);
    copy_64(out + run, in + row_stride);
    copy_64(out + 2 * run, in + 2 * row_stride);
}

/// Moves the cursor `count` pixels on, not beyond the row's end.
INLINE void advance(cursor_t *cursor, uint32_t count) {
    cursor->column += count;
    if (cursor->column == cursor->convolution->columns) {
        next_row(cursor);
    }
}

/// Copies the pixels at the cursor that lie inside, of which there are some, but at most `most`,
/// and returns their number.
INLINE uint32_t copy_insides(cursor_t *cursor, uint32_t most, int8_t *out) {
    const convolution_t *c = cursor->convolution;
    const size_t depth = c->matrix.depth, step = c->step;
    const uint32_t count = cursor->inside < most ? cursor->inside : most;
    const int8_t *in = cursor->in;
    const bool is_fast = c->copying == COPYING_THREE_ROWS && cursor->rows.inside == 3 &&
                         in + (count - 1) * step <= c->last_loose;
    for (uint32_t i = 0; i < count; i++, in += step, out += depth) {
        if (is_fast) {
            copy_three(in, c->row_stride, c->run, out);
        } else {
            copy_inside(c, in, &cursor->rows, out);
        }
    }
    cursor->in = in;
    cursor->inside -= count;
    advance(cursor, count);
    return count;
}

/// Copies the pixel at the cursor, some of whose taps lie outside the image's columns.
INLINE void copy_edge(cursor_t *cursor, int8_t *out) {
    const convolution_t *c = cursor->convolution;
    const shunt_window_t *window = &c->params->window;
    const int32_t x = (int32_t)(cursor->column * window->stride_width) - window->pad_left;
    if (c->neighbours) {
        copy_padded(c, cursor->row_in, &cursor->rows, x, out);
    } else {
        copy_taps(c, cursor->image, cursor->y, x, out);
    }
    advance(cursor, 1);
    if (cursor->column == c->inside_begin) {
        enter_inside(cursor);
    }
}

/// Copies up to four pixels, whatever they are.
static NOINLINE uint32_t copy_pixels(cursor_t *cursor, int8_t *out) {
    const convolution_t *c = cursor->convolution;
    uint32_t count = 0;
    while (count < SHUNT_NEON_TILE && cursor->batch != c->batches) {
        int8_t *row = out + count * (size_t)c->matrix.depth;
        if (cursor->inside != 0) {
            count += copy_insides(cursor, SHUNT_NEON_TILE - count, row);
        } else {
            copy_edge(cursor, row);
            count++;
        }
    }
    return count;
}

/// Copies up to four pixels and returns their number, 0 at the end. Four in the middle of a row are
/// the frequent case: copied without a loop, or as the single piece that they are.
static NOINLINE uint32_t copy_tile(cursor_t *cursor, int8_t *out) {
    const convolution_t *c = cursor->convolution;
    const size_t step = c->step, run = c->run;
    const int8_t *in = cursor->in;
    if (cursor->inside < SHUNT_NEON_TILE || cursor->rows.inside != c->tap_rows ||
        c->copying == COPYING_PIXELS || in + 3 * step > c->last_loose) {
        return copy_pixels(cursor, out);
    }
    const int8_t *last = in + 3 * step;
    const size_t depth = c->matrix.depth, row_stride = c->row_stride;
    if (c->copying == COPYING_BLOCK) {
        copy_run(in, 4 * run, out);
    } else if (c->copying == COPYING_ONE_ROW) {
        copy_64(out, in);
        copy_64(out + depth, in + step);
        copy_64(out + 2 * depth, in + 2 * step);
        copy_64(out + 3 * depth, last);
    } else if (c->copying == COPYING_THREE_ROWS) {
        copy_three(in, row_stride, run, out);
        copy_three(in + step, row_stride, run, out + depth);
        copy_three(in + 2 * step, row_stride, run, out + 2 * depth);
        copy_three(last, row_stride, run, out + 3 * depth);
    } else {
        for (uint32_t p = 0; p < SHUNT_NEON_TILE; p++, in += step, out += depth) {
            copy_run(in, run, out);
            copy_run(in + row_stride, run, out + run);
            copy_run(in + 2 * row_stride, run, out + 2 * run);
        }
    }
    cursor->in = last + step;
    cursor->inside -= SHUNT_NEON_TILE;
    advance(cursor, SHUNT_NEON_TILE);
    return SHUNT_NEON_TILE;
}

INLINE void convolve(const convolution_t *c, const requantization_t *r, cursor_t *cursor,
                     int8_t *rows, int8_t *out) {
    const matrix_t matrix = c->matrix;
    const size_t depth = matrix.depth, channels = matrix.channels;
    const pixels_t pixels = {{rows, rows + depth, rows + 2 * depth, rows + 3 * depth}};
    uint32_t count;
    while ((count = copy_tile(cursor, rows)) == SHUNT_NEON_TILE) {
        int8_t *to[] = {out, out + channels, out + 2 * channels, out + 3 * channels};
        multiply_tile(&matrix, r, &pixels, to);
        out += 4 * channels;
    }
    SHUNT_NEON_MULTIPLY(&c->matrix, rows, count, out);
}

/// Whether each output pixel reads the input pixel of the same number and no other.
static bool is_pointwise(const shunt_window_t *window) {
    return window->kernel_height == 1 && window->kernel_width == 1 && window->stride_height == 1 &&
           window->stride_width == 1 && window->pad_top == 0 && window->pad_left == 0 &&
           window->in_height == window->out_height && window->in_width == window->out_width;
}

/// Finds the columns whose taps lie inside. Pixels that have no neighbours are one row.
static void find_inside(convolution_t *c) {
    const shunt_window_t *window = &c->params->window;
    const uint32_t stride = window->stride_width, pad = window->pad_left;
    const uint32_t begin = (pad + stride - 1) / stride;
    const int32_t last = window->in_width - window->kernel_width + window->pad_left;
    const uint32_t end = last < 0 ? 0 : (uint32_t)last / stride + 1;
    if (is_pointwise(window)) {
        c->columns *= c->rows * c->batches;
        c->rows = c->batches = 1;
        c->inside_begin = 0;
        c->inside_end = c->columns;
    } else if (c->neighbours) {
        c->inside_end = end < c->columns ? end : c->columns;
        c->inside_begin = begin < c->inside_end ? begin : c->inside_end;
    } else {
        c->inside_begin = c->inside_end = 0;
    }
}

static copying_t copying_of(const convolution_t *c) {
    if (c->tap_rows == 1 && (c->step == c->matrix.depth || c->run <= 64)) {
        return c->step == c->matrix.depth ? COPYING_BLOCK : COPYING_ONE_ROW;
    }
    if (c->tap_rows == 3) {
        return c->run <= 64 ? COPYING_THREE_ROWS : COPYING_THREE_LONG;
    }
    return COPYING_PIXELS;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const bool valid =
        shunt_check_layer(call, sizeof *p) && shunt_check_window(call, &p->window) &&
        shunt_check_window_overlap(call, &p->window, true) && p->groups == 1 && p->reserved == 0 &&
        shunt_check_zero_point(p->input_zero_point) &&
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
        .tap_rows = window->kernel_height,
        .batches = window->batches,
        .rows = window->out_height,
        .columns = window->out_width,
        .row_stride = (size_t)window->dilation_height * window->in_width * window->in_channels,
        .run = (size_t)window->kernel_width * window->in_channels,
        .step = (size_t)window->stride_width * window->in_channels,
        .neighbours = window->dilation_width == 1 || window->kernel_width == 1,
    };
    const size_t reach = (window->kernel_height - 1u) * c.row_stride + c.run + COPY_OVERRUN;
    c.last_loose = reach <= in_bytes ? c.in_end - reach : image - 1;
    find_inside(&c);
    c.copying = copying_of(&c);
    c.matrix.requantization =
        SHUNT_NEON_REQUANTIZATION(call, c.matrix.records, shunt_neon_quads(window->out_channels),
                                  p->output_zero_point, p->clamp_min, p->clamp_max);
#if SHUNT_NEON_DOT
    const uint64_t rows_bytes = shunt_neon_conv2d_rows_bytes(window);
    if (rows_bytes != 0 && call->step->scratch_bytes >= rows_bytes) {
        SHUNT_NEON_CONV2D_ROWS(call, &c.matrix);
        return;
    }
#endif
    cursor_t cursor = {.convolution = &c, .image = image, .y = -window->pad_top};
    enter_row(&cursor);
    requantization_t r = c.matrix.requantization;
    int8_t *rows = shunt_scratch(call), *out = shunt_operand_out(call, 0);
    // The frequent forms have loops of their own.
    if (r.scaling == SCALING_LINE) {
        r.scaling = SCALING_LINE;
        convolve(&c, &r, &cursor, rows, out);
    } else if (r.scaling == SCALING_RIGHT) {
        r.scaling = SCALING_RIGHT;
        convolve(&c, &r, &cursor, rows, out);
    } else {
        convolve(&c, &r, &cursor, rows, out);
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
