// SPDX-License-Identifier: Apache-2.0
#include "columns.h"

#include "intrinsics.h"

enum {
    BLOCK = SHUNT_MVE_BLOCK,
    BLOCK_STRIDE = SHUNT_MVE_PIXELS * SHUNT_MVE_BLOCK ///< To a pixel's next block.
};

// Columns are written by runs of neighbouring bytes, either as whole blocks to their places among
// those of the other pixels, or in order into `staging`, from where the blocks go to their places.
// Behind a run of bytes up to 15 more are written: the next run overwrites them, or weights of 0
// ignore them.

/// At least one.
static int8_t *copy_blocks(int8_t *to, const int8_t *from, int32_t blocks) {
    do {
        vst1q_s8(to, vld1q_s8(from));
        from += BLOCK;
        to += BLOCK_STRIDE;
    } while (--blocks > 0);
    return to;
}

static int8_t *fill_blocks(int8_t *to, int8x16_t value, int32_t blocks) {
    for (; blocks > 0; blocks--) {
        vst1q_s8(to, value);
        to += BLOCK_STRIDE;
    }
    return to;
}

static int8_t *copy_bytes(int8_t *to, const int8_t *from, int32_t bytes, const int8_t *end) {
    int8_t *const next = to + bytes;
    for (; bytes > 0; bytes -= BLOCK) {
        // Reads nothing behind the tensor, which may be the end of memory.
        const int32_t left = (int32_t)(end - from);
        vst1q_s8(to, left >= BLOCK ? vld1q_s8(from) : vld1q_z_s8(from, vctp8q((uint32_t)left)));
        from += BLOCK;
        to += BLOCK;
    }
    return next;
}

static int8_t *fill_bytes(int8_t *to, int8x16_t value, int32_t bytes) {
    int8_t *const next = to + bytes;
    for (; bytes > 0; bytes -= BLOCK) {
        vst1q_s8(to, value);
        to += BLOCK;
    }
    return next;
}

static int8_t *copy_run(const columns_t *c, int8_t *to, const int8_t *from, int32_t bytes) {
    return c->is_blocks ? copy_blocks(to, from, bytes / BLOCK)
                        : copy_bytes(to, from, bytes, c->in_end);
}

static int8_t *fill_run(const columns_t *c, int8_t *to, int32_t bytes) {
    const int8x16_t padding = vdupq_n_s8((int8_t)c->padding);
    return c->is_blocks ? fill_blocks(to, padding, bytes / BLOCK) : fill_bytes(to, padding, bytes);
}

/// Taps begin ... end - 1 of a window without dilation lie inside.
typedef struct taps {
    int32_t begin, end;
} taps_t;

static taps_t taps_inside(int32_t start, int32_t size, int32_t kernel) {
    taps_t taps = {start < 0 ? -start : 0, size - start < kernel ? size - start : kernel};
    if (taps.begin >= taps.end) {
        taps.begin = taps.end = kernel; // all of them before the image
    }
    return taps;
}

/// A window without dilation.
typedef struct rows {
    const int8_t *from;           ///< The first tap inside the image.
    int32_t before, count, after; ///< Rows of taps: before the image, inside, behind it.
    int32_t left, inside, right;  ///< Bytes of a row of taps: before the image, inside, behind it.
} rows_t;

static rows_t split(const columns_t *c, const int8_t *image, int32_t y, int32_t x) {
    const shunt_window_t *window = c->window;
    const int32_t depth = window->in_channels;
    const taps_t rows = taps_inside(y, window->in_height, window->kernel_height);
    const taps_t columns = taps_inside(x, window->in_width, window->kernel_width);
    const int32_t left = columns.begin * depth;
    const int32_t inside = (columns.end - columns.begin) * depth;
    const bool is_outside = inside == 0 || rows.begin == rows.end;
    return (rows_t){
        .from = is_outside ? image : image + (y + rows.begin) * c->row_bytes + x * depth + left,
        .before = is_outside ? window->kernel_height : rows.begin,
        .count = is_outside ? 0 : rows.end - rows.begin,
        .after = is_outside ? 0 : window->kernel_height - rows.end,
        .left = left,
        .inside = inside,
        .right = c->run_bytes - left - inside,
    };
}

static void write_blocks(const columns_t *c, int8_t *to, const rows_t *rows) {
    const int8x16_t padding = vdupq_n_s8((int8_t)c->padding);
    const int32_t left = rows->left / BLOCK, inside = rows->inside / BLOCK;
    const int32_t right = rows->right / BLOCK;
    const int8_t *from = rows->from;
    to = fill_blocks(to, padding, rows->before * c->run_blocks);
    for (int32_t row = rows->count; row > 0; row--, from += c->row_bytes) {
        to = fill_blocks(to, padding, left);
        to = copy_blocks(to, from, inside);
        to = fill_blocks(to, padding, right);
    }
    fill_blocks(to, padding, rows->after * c->run_blocks);
}

static void write_bytes(const columns_t *c, int8_t *to, const rows_t *rows) {
    const int8x16_t padding = vdupq_n_s8((int8_t)c->padding);
    const int8_t *from = rows->from;
    to = fill_bytes(to, padding, rows->before * c->run_bytes);
    for (int32_t row = rows->count; row > 0; row--, from += c->row_bytes) {
        to = fill_bytes(to, padding, rows->left);
        to = copy_bytes(to, from, rows->inside, c->in_end);
        to = fill_bytes(to, padding, rows->right);
    }
    fill_bytes(to, padding, rows->after * c->run_bytes);
}

static void write_dilated(const columns_t *c, int8_t *to, const int8_t *image, int32_t y,
                          int32_t left) {
    const shunt_window_t *window = c->window;
    const int32_t depth = window->in_channels;
    for (uint32_t row = 0; row < window->kernel_height; row++, y += window->dilation_height) {
        int32_t x = left;
        for (uint32_t tap = 0; tap < window->kernel_width; tap++, x += window->dilation_width) {
            const bool is_inside =
                y >= 0 && y < window->in_height && x >= 0 && x < window->in_width;
            to = is_inside ? copy_run(c, to, image + y * c->row_bytes + x * depth, depth)
                           : fill_run(c, to, depth);
        }
    }
}

/// An inner window of whole blocks.
static void copy_pixel(const columns_t *c, const int8_t *from, int8_t *to) {
    int32_t rows = c->window->kernel_height;
    do {
        to = copy_blocks(to, from, c->run_blocks);
        from += c->step_bytes;
    } while (--rows > 0);
}

/// An inner window whose rows have at most one block, by way of `staging`.
static inline void stage_pixel(const columns_t *c, const int8_t *from, int8_t *columns) {
    const int32_t step = c->step_bytes, run = c->run_bytes;
    int32_t rows = c->window->kernel_height;
    int8_t *to = c->staging;
    do {
        vst1q_s8(to, vld1q_s8(from));
        from += step;
        to += run;
    } while (--rows > 0);
    copy_blocks(columns, c->staging, c->blocks);
}

void SHUNT_COLUMNS_ANY(const columns_t *c, uint32_t pixel, const int8_t *image, int32_t y,
                       int32_t x) {
    int8_t *const columns = c->columns + pixel * BLOCK;
    if (y >= 0 && y <= c->inner_y && x >= 0 && x <= c->inner_x) {
        const int8_t *from = image + y * c->row_bytes + x * c->window->in_channels;
        if (c->is_blocks) {
            copy_pixel(c, from, columns);
            return;
        }
        if (c->in_end - from >= c->reach_bytes) {
            stage_pixel(c, from, columns);
            return;
        }
    }
    // A single block may be followed by bytes of the next pixel: they are written later.
    const bool is_direct = c->is_blocks || c->blocks == 1;
    int8_t *const to = is_direct ? columns : c->staging;
    if ((c->window->dilation_height | c->window->dilation_width) != 1) {
        write_dilated(c, to, image, y, x);
    } else {
        const rows_t rows = split(c, image, y, x);
        if (c->is_blocks) {
            write_blocks(c, to, &rows);
        } else {
            write_bytes(c, to, &rows);
        }
    }
    if (!is_direct) {
        copy_blocks(columns, c->staging, c->blocks);
    }
}

/// The windows of all pixels, whole blocks, at least one in a row.
static void copy_pixels(const columns_t *c, const int8_t *const *from) {
    const int8_t *from0 = from[0], *from1 = from[1], *from2 = from[2], *from3 = from[3];
    const int32_t skip = c->step_bytes - c->run_blocks * BLOCK;
    int32_t rows = c->window->kernel_height;
    int8_t *to = c->columns;
    do {
        int32_t blocks = c->run_blocks;
        do {
            const int8x16_t block0 = vld1q_s8(from0), block1 = vld1q_s8(from1);
            const int8x16_t block2 = vld1q_s8(from2), block3 = vld1q_s8(from3);
            from0 += BLOCK, from1 += BLOCK, from2 += BLOCK, from3 += BLOCK;
            vst1q_s8(to, block0);
            vst1q_s8(to + BLOCK, block1);
            vst1q_s8(to + 2 * BLOCK, block2);
            vst1q_s8(to + 3 * BLOCK, block3);
            to += BLOCK_STRIDE;
        } while (--blocks > 0);
        from0 += skip, from1 += skip, from2 += skip, from3 += skip;
    } while (--rows > 0);
}

void SHUNT_COLUMNS_INNER(const columns_t *c, const int8_t *const from[SHUNT_MVE_PIXELS]) {
    int8_t *const columns = c->columns;
    if (c->blocks == 1 && c->window->kernel_height == 1) {
        vst1q_s8(columns, vld1q_s8(from[0]));
        vst1q_s8(columns + BLOCK, vld1q_s8(from[1]));
        vst1q_s8(columns + 2 * BLOCK, vld1q_s8(from[2]));
        vst1q_s8(columns + 3 * BLOCK, vld1q_s8(from[3]));
    } else if (c->is_blocks) {
        copy_pixels(c, from);
    } else {
        stage_pixel(c, from[0], columns);
        stage_pixel(c, from[1], columns + BLOCK);
        stage_pixel(c, from[2], columns + 2 * BLOCK);
        stage_pixel(c, from[3], columns + 3 * BLOCK);
    }
}
