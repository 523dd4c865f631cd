// SPDX-License-Identifier: Apache-2.0
#include "conv2d_rows.h"

#include "multiply_tile.h"

// An ISO C file is not empty.
typedef struct kept_rows kept_rows_t;

#if SHUNT_NEON_DOT

/// The rows of the input that the window reaches, row i of the image in slot i modulo their number,
/// and behind them one of padding.
struct kept_rows {
    const shunt_conv2d_params_t *params;
    int8_t *slots;
    size_t bytes;                             ///< Of a row.
    int32_t next;                             ///< The first row of the image that is not there yet.
    const int8_t *taps[SHUNT_NEON_KEPT_ROWS]; ///< The rows of an output row's taps.
};

static void fill(int8_t *out, size_t count, int8_t value) {
    const int8x16_t values = vdupq_n_s8(value);
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        vst1q_s8(out + i, values);
    }
    for (; i < count; i++) {
        out[i] = value;
    }
}

/// Copies a row of the image between its padding.
static void keep_row(const kept_rows_t *kept, const int8_t *image, int32_t row) {
    const shunt_window_t *window = &kept->params->window;
    const int8_t padding = (int8_t)kept->params->input_zero_point;
    const size_t depth = window->in_channels, width = window->in_width * depth;
    const size_t before = window->pad_left * depth;
    const size_t left = before < kept->bytes ? before : kept->bytes;
    const size_t room = kept->bytes - left, inside = width < room ? width : room;
    int8_t *out = kept->slots + (size_t)(row % window->kernel_height) * kept->bytes;
    fill(out, left, padding);
    copy_exactly(image + (size_t)row * width, inside, out + left);
    fill(out + left + inside, room - inside, padding);
}

/// Sees to it that the rows of taps that begin at row `y` of the image are there.
static void reach_rows(kept_rows_t *kept, const int8_t *image, int32_t y) {
    const shunt_window_t *window = &kept->params->window;
    const int32_t height = window->in_height, taps = window->kernel_height;
    if (kept->next < y) {
        kept->next = y;
    }
    for (; kept->next < y + taps && kept->next < height; kept->next++) {
        keep_row(kept, image, kept->next);
    }
    for (int32_t tap = 0; tap < taps; tap++) {
        const int32_t row = y + tap;
        const int32_t slot = row >= 0 && row < height ? row % taps : taps;
        kept->taps[tap] = kept->slots + (size_t)slot * kept->bytes;
    }
}

/// Four pixels of an output row: their places in the rows of taps, and in the output.
typedef struct four {
    pixel_rows_t in;
    size_t out[SHUNT_NEON_TILE];
} four_t;

/// The first four of so many pixels. The last one stands in for those that there are not.
static four_t first_four(const kept_rows_t *kept, size_t pixels) {
    const shunt_window_t *window = &kept->params->window;
    const size_t step = (size_t)window->stride_width * window->in_channels;
    four_t four = {.in = {.rows = kept->taps,
                          .count = window->kernel_height,
                          .run = (uint32_t)window->kernel_width * window->in_channels}};
    for (size_t p = 0; p < SHUNT_NEON_TILE; p++) {
        const size_t place = p < pixels ? p : pixels - 1;
        four.in.place[p] = place * step;
        four.out[p] = place * window->out_channels;
    }
    return four;
}

/// All channels of four pixels.
INLINE void multiply_four(const matrix_t *matrix, const requantization_t *r, const four_t *four,
                          int8_t *out) {
    quad_t quad = {matrix->weights, matrix->plans, matrix->records};
    const int8_t *const end = out + matrix->channels;
    do {
        int32x4_t sums[SHUNT_NEON_TILE * TILE_QUADS];
        sum_wide_rows(&four->in, matrix->depth, &quad, sums);
        int8_t *to[] = {out + four->out[0], out + four->out[1], out + four->out[2],
                        out + four->out[3]};
        store_wide_tile(r, quad.record, sums, to);
        out += 16;
        quad = behind(matrix, &quad, 4);
    } while (out != end);
}

/// All channels of the pixels of an output row.
INLINE void multiply_row(const kept_rows_t *kept, const matrix_t *matrix, const requantization_t *r,
                         int8_t *out) {
    const shunt_window_t *window = &kept->params->window;
    const size_t step = (size_t)window->stride_width * window->in_channels;
    const size_t channels = matrix->channels;
    const size_t rest = window->out_width % SHUNT_NEON_TILE;
    const int8_t *const end = out + (window->out_width - rest) * channels;
    four_t four = first_four(kept, SHUNT_NEON_TILE);
    for (; out != end; out += SHUNT_NEON_TILE * channels) {
        multiply_four(matrix, r, &four, out);
        four.in.at += SHUNT_NEON_TILE * step;
    }
    if (rest != 0) {
        four_t last = first_four(kept, rest);
        last.in.at = four.in.at;
        multiply_four(matrix, r, &last, out);
    }
}

INLINE void convolve(kept_rows_t *kept, const matrix_t *matrix, const requantization_t *r,
                     const int8_t *image, int8_t *out) {
    const matrix_t copied = *matrix;
    const shunt_window_t *window = &kept->params->window;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        kept->next = 0;
        int32_t y = -window->pad_top;
        for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
            reach_rows(kept, image, y);
            multiply_row(kept, &copied, r, out);
            out += window->out_width * (size_t)window->out_channels;
        }
        image += (size_t)window->in_height * window->in_width * window->in_channels;
    }
}

void SHUNT_NEON_CONV2D_ROWS(const shunt_call_t *call, const matrix_t *matrix) {
    const shunt_conv2d_params_t *p = call->params;
    kept_rows_t kept = {.params = p,
                        .slots = shunt_scratch(call),
                        .bytes = (size_t)shunt_neon_kept_row_bytes(&p->window)};
    fill(kept.slots + p->window.kernel_height * kept.bytes, kept.bytes,
         (int8_t)p->input_zero_point);
    const int8_t *image = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    requantization_t r = matrix->requantization;
    // The frequent forms have loops of their own.
    if (r.scaling == SCALING_LINE) {
        r.scaling = SCALING_LINE;
        convolve(&kept, matrix, &r, image, out);
    } else if (r.scaling == SCALING_RIGHT) {
        r.scaling = SCALING_RIGHT;
        convolve(&kept, matrix, &r, image, out);
    } else {
        convolve(&kept, matrix, &r, image, out);
    }
}

#endif
