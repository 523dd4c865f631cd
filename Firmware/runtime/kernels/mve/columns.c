// SPDX-License-Identifier: Apache-2.0
#include "columns.h"

#include "intrinsics.h"

enum {
    BLOCK = SHUNT_MVE_BLOCK,
    BLOCK_STRIDE = SHUNT_MVE_PIXELS * SHUNT_MVE_BLOCK ///< To a pixel's next block.
};

void SHUNT_COLUMNS_PREPARE(columns_t *c, const shunt_window_t *window, int32_t padding,
                           const int8_t *in_end, int8_t *scratch) {
    c->window = window;
    c->in_end = in_end;
    c->columns = scratch;
    c->padding = padding;
    c->blocks = (int32_t)shunt_mve_blocks(shunt_mve_conv2d_depth(window));
    c->staging = scratch + (size_t)c->blocks * BLOCK_STRIDE;
    c->row_bytes = (int32_t)(window->in_width * (uint32_t)window->in_channels);
    c->run_bytes = (int32_t)(window->kernel_width * (uint32_t)window->in_channels);
    c->run_blocks = (int32_t)shunt_mve_blocks((uint32_t)c->run_bytes);
    c->is_blocks = window->in_channels % BLOCK == 0;
    c->inner_y = window->in_height - 1 - (window->kernel_height - 1) * window->dilation_height;
    c->inner_x = window->in_width - window->kernel_width;
    c->step_bytes = c->reach_bytes = 0;
    const bool is_supported = (window->kernel_width == 1 || window->dilation_width == 1) &&
                              (c->is_blocks || c->run_blocks == 1);
    if (c->inner_y < 0 || c->inner_x < 0 || !is_supported) {
        c->inner_y = c->inner_x = -1; // none
        return;
    }
    c->step_bytes = window->kernel_height == 1 ? 0 : window->dilation_height * c->row_bytes;
    c->reach_bytes = (window->kernel_height - 1) * c->step_bytes + c->run_blocks * BLOCK;
}

// Columns are written by runs of neighbouring bytes, either as whole blocks to their places among
// those of the other pixels, or in order into `staging`, from where the blocks go to their places.
// Behind a run of bytes up to 15 more are written: the next run overwrites them, or weights of 0
// ignore them.

#if defined(__ARM_FEATURE_MVE)

// Loops that compilers do not make: an instruction for each load and store, and one for the loop.

/// At least one block of one pixel. Returns where the next one goes.
static inline int8_t *copy_blocks(int8_t *to, const int8_t *from, int32_t blocks) {
    __asm volatile("dls lr, %[blocks]\n"
                   "1:\n"
                   "vldrb.u8 q0, [%[from]], #16\n"
                   "vstrb.8 q0, [%[to]], #64\n"
                   "le lr, 1b\n"
                   : [to] "+l"(to), [from] "+l"(from)
                   : [blocks] "r"(blocks)
                   : "q0", "lr", "memory");
    return to;
}

/// At least one block of each pixel; goes on to the blocks behind them.
static inline int8_t *copy_rows(int8_t *to, const int8_t **from, int32_t blocks) {
    const int8_t *from0 = from[0], *from1 = from[1], *from2 = from[2], *from3 = from[3];
    __asm volatile("dls lr, %[blocks]\n"
                   "1:\n"
                   "vldrb.u8 q0, [%[from0]], #16\n"
                   "vldrb.u8 q1, [%[from1]], #16\n"
                   "vstrb.8 q0, [%[to]], #16\n"
                   "vldrb.u8 q2, [%[from2]], #16\n"
                   "vstrb.8 q1, [%[to]], #16\n"
                   "vldrb.u8 q3, [%[from3]], #16\n"
                   "vstrb.8 q2, [%[to]], #16\n"
                   "vstrb.8 q3, [%[to]], #16\n"
                   "le lr, 1b\n"
                   : [to] "+l"(to), [from0] "+l"(from0), [from1] "+l"(from1), [from2] "+l"(from2),
                     [from3] "+l"(from3)
                   : [blocks] "r"(blocks)
                   : "q0", "q1", "q2", "q3", "lr", "memory");
    from[0] = from0, from[1] = from1, from[2] = from2, from[3] = from3;
    return to;
}

#else

static inline int8_t *copy_blocks(int8_t *to, const int8_t *from, int32_t blocks) {
    do {
        vst1q_s8(to, vld1q_s8(from));
        from += BLOCK;
        to += BLOCK_STRIDE;
    } while (--blocks > 0);
    return to;
}

static inline int8_t *copy_rows(int8_t *to, const int8_t **from, int32_t blocks) {
    do {
        for (uint32_t pixel = 0; pixel < SHUNT_MVE_PIXELS; pixel++, to += BLOCK) {
            vst1q_s8(to, vld1q_s8(from[pixel]));
            from[pixel] += BLOCK;
        }
    } while (--blocks > 0);
    return to;
}

#endif

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

/// Rows of taps of at most a block, of which at least one is inside.
static int8_t *write_short_rows(const columns_t *c, int8_t *to, const rows_t *rows) {
    const int8x16_t padding = vdupq_n_s8((int8_t)c->padding);
    const int8_t *from = rows->from;
    const int32_t step = c->row_bytes, run = c->run_bytes;
    int8_t *inside = to + rows->left, *right = inside + rows->inside;
    int32_t left = rows->count;
    do {
        // Each overwrites what the one before it has written too much.
        vst1q_s8(to, padding);
        vst1q_s8(inside, vld1q_s8(from));
        vst1q_s8(right, padding);
        from += step;
        to += run, inside += run, right += run;
    } while (--left > 0);
    return to;
}

static void write_bytes(const columns_t *c, int8_t *to, const rows_t *rows) {
    const int8x16_t padding = vdupq_n_s8((int8_t)c->padding);
    const int8_t *from = rows->from;
    to = fill_bytes(to, padding, rows->before * c->run_bytes);
    const int32_t reach = (rows->count - 1) * c->row_bytes + BLOCK;
    if (rows->count > 0 && c->run_bytes <= BLOCK && c->in_end - from >= reach) {
        to = write_short_rows(c, to, rows);
    } else {
        for (int32_t row = rows->count; row > 0; row--, from += c->row_bytes) {
            to = fill_bytes(to, padding, rows->left);
            to = copy_bytes(to, from, rows->inside, c->in_end);
            to = fill_bytes(to, padding, rows->right);
        }
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
static void copy_pixels(const columns_t *c, const int8_t *const *first) {
    const int8_t *from[SHUNT_MVE_PIXELS] = {first[0], first[1], first[2], first[3]};
    const int32_t blocks = c->run_blocks;
    const int32_t skip = c->step_bytes - blocks * BLOCK;
    int32_t rows = c->window->kernel_height;
    int8_t *to = c->columns;
    do {
        to = copy_rows(to, from, blocks);
        from[0] += skip, from[1] += skip, from[2] += skip, from[3] += skip;
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
