// SPDX-License-Identifier: Apache-2.0
#include "columns.h"
#include "intrinsics.h"
#include "shunt_kernel_checks.h"
#include "tile.h"

/// A pixel of the output, and where its window starts.
typedef struct position {
    uint32_t column; ///< Of the output.
    int32_t y, x;
} position_t;

/// What stays the same over all tiles of a step.
typedef struct convolution {
    columns_t columns;
    tile_t tile;
    const int8_t *image;
    const int8_t *from[TILE_PIXELS]; ///< Where the windows of a tile start.
    int8_t *spill;      ///< Outputs of a tile, for a number of channels that is no multiple of 4.
    bool is_contiguous; ///< Each output pixel is made of its own bytes of the image alone.
} convolution_t;

static inline void advance(const shunt_window_t *window, position_t *position, uint32_t pixels) {
    position->column += pixels;
    position->x += (int32_t)pixels * window->stride_width;
    if (position->column == window->out_width) {
        position->column = 0;
        position->x = -window->pad_left;
        position->y += window->stride_height;
    }
}

/// The columns of `count` pixels, wherever their windows lie. The last one stands in for those that
/// a full tile has more.
static position_t write_any(convolution_t *c, uint32_t count, position_t at) {
    for (uint32_t pixel = 0; pixel < count; pixel++) {
        SHUNT_COLUMNS_ANY(&c->columns, pixel, c->image, at.y, at.x);
        advance(c->columns.window, &at, 1);
    }
    for (uint32_t pixel = count; pixel < TILE_PIXELS; pixel++) {
        int8_t *block = c->columns.columns + pixel * SHUNT_MVE_BLOCK;
        for (int32_t i = 0; i < c->columns.blocks; i++, block += TILE_PIXELS * SHUNT_MVE_BLOCK) {
            vst1q_s8(block, vld1q_s8(block - SHUNT_MVE_BLOCK));
        }
    }
    return at;
}

/// Whether the windows of pixels that are in one row start in an inner row, and can be read as if
/// they were all inside the image; if so, `from` is where they start.
static inline bool locate(convolution_t *c, const position_t *at) {
    const columns_t *columns = &c->columns;
    if (at->y < 0 || at->y > columns->inner_y) {
        return false;
    }
    const int32_t depth = columns->window->in_channels;
    const int32_t step = columns->window->stride_width * depth;
    const int32_t start = at->y * columns->row_bytes + at->x * depth;
    const int8_t *first = c->image + start;
    c->from[0] = first, c->from[1] = first += step;
    c->from[2] = first += step, c->from[3] = first += step;
    return start >= 0 && columns->in_end - first >= columns->reach_bytes;
}

/// Writes the columns of a full tile by SHUNT_COLUMNS_INNER, if that is possible.
static inline bool write_row(convolution_t *c, position_t *at) {
    const shunt_window_t *window = c->columns.window;
    const int32_t stride = window->stride_width;
    const int32_t last = at->x + (TILE_PIXELS - 1) * stride;
    const bool are_inner = at->x >= 0 && last <= c->columns.inner_x;
    if (at->column + TILE_PIXELS > window->out_width || !(are_inner || c->columns.is_blocks) ||
        !locate(c, at)) {
        return false;
    }
    SHUNT_COLUMNS_INNER(&c->columns, c->from);
    if (!are_inner) {
        int32_t x = at->x;
        for (uint32_t pixel = 0; pixel < TILE_PIXELS; pixel++, x += stride) {
            if (x < 0 || x > c->columns.inner_x) {
                SHUNT_COLUMNS_PAD(&c->columns, pixel, x);
            }
        }
    }
    advance(window, at, TILE_PIXELS);
    return true;
}

/// The outputs of pixels, whose first channel is at `first`; from pixel to pixel `stride` bytes.
static void compute_tile(convolution_t *c, uint32_t count, int8_t *first, int32_t stride) {
    int8_t *const end = first - c->tile.channels;
    c->tile.ends[0] = end;
    c->tile.ends[1] = count > 1 ? end + stride : end;
    c->tile.ends[2] = count > 2 ? end + 2 * stride : c->tile.ends[1];
    c->tile.ends[3] = count > 3 ? end + 3 * stride : c->tile.ends[2];
    SHUNT_TILE_COMPUTE(&c->tile, c->columns.columns);
}

/// The same by way of `spill`.
static void compute_spilled(convolution_t *c, uint32_t count, int8_t *out) {
    compute_tile(c, count, c->spill, -c->tile.channels);
    for (uint32_t pixel = 0; pixel < count; pixel++) {
        const int8_t *from = c->spill - (int32_t)pixel * c->tile.channels;
        for (int32_t channel = 0; channel < c->columns.window->out_channels; channel++) {
            *out++ = *from++;
        }
    }
}

/// Computes full tiles if each pixel is made of its own bytes of the image alone, as long as
/// columns may be read beyond them. Returns how many pixels are done.
static int32_t convolve_contiguous(convolution_t *c, int32_t pixels, int8_t *out) {
    const int32_t depth = c->columns.window->in_channels;
    const int32_t channels = c->columns.window->out_channels;
    const int8_t **from = c->from;
    from[0] = c->image, from[1] = from[0] + depth;
    from[2] = from[1] + depth, from[3] = from[2] + depth;
    int32_t done = 0;
    while (pixels - done >= TILE_PIXELS && c->columns.in_end - from[3] >= c->columns.reach_bytes) {
        SHUNT_COLUMNS_INNER(&c->columns, from);
        if (done == 0) {
            compute_tile(c, TILE_PIXELS, out, channels);
        } else {
            SHUNT_TILE_COMPUTE(&c->tile, c->columns.columns);
        }
        for (uint32_t pixel = 0; pixel < TILE_PIXELS; pixel++) {
            from[pixel] += TILE_PIXELS * depth;
            c->tile.ends[pixel] += TILE_PIXELS * channels;
        }
        done += TILE_PIXELS;
    }
    return done;
}

static void convolve_image(convolution_t *c, int8_t *out) {
    const shunt_window_t *window = c->columns.window;
    const int32_t pixels = (int32_t)window->out_height * window->out_width;
    position_t at = {.y = -window->pad_top, .x = -window->pad_left};
    int32_t done = 0;
    if (c->is_contiguous) {
        done = convolve_contiguous(c, pixels, out);
        at.y = done / window->out_width;
        at.x = done % window->out_width;
        at.column = (uint32_t)at.x;
        out += done * window->out_channels;
    }
    for (; done < pixels; done += TILE_PIXELS) {
        const int32_t left = pixels - done;
        const uint32_t count = left < TILE_PIXELS ? (uint32_t)left : TILE_PIXELS;
        if (!write_row(c, &at)) {
            at = write_any(c, count, at);
        }
        if (c->spill == NULL) {
            compute_tile(c, count, out, window->out_channels);
        } else {
            compute_spilled(c, count, out);
        }
        out += TILE_PIXELS * window->out_channels;
    }
}

/// Whether the windows of all pixels of a tile are neighbours of 3 x 3 blocks.
static bool is_sliding(const shunt_window_t *window) {
    return window->kernel_height == 3 && window->kernel_width == 3 && window->stride_width == 1 &&
           window->dilation_width == 1 && window->in_channels == SHUNT_MVE_BLOCK &&
           window->out_width % TILE_PIXELS == 0;
}

static bool is_contiguous(const shunt_window_t *window) {
    return window->kernel_height == 1 && window->kernel_width == 1 && window->stride_height == 1 &&
           window->stride_width == 1 && window->pad_top == 0 && window->pad_left == 0 &&
           window->out_height == window->in_height && window->out_width == window->in_width;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    if (!shunt_check_layer(call, sizeof *p) || !shunt_check_window(call, &p->window) ||
        !shunt_check_window_overlap(call, &p->window, true) || p->groups != 1 ||
        !shunt_check_zero_point(p->input_zero_point) ||
        !shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) || p->reserved != 0) {
        return SHUNT_ERR_PARAMS;
    }
    const bool valid =
        shunt_constants_valid(call, p->weights, shunt_mve_conv2d_weights_bytes(&p->window)) &&
        shunt_constants_valid(call, p->channels, shunt_mve_records_bytes(p->window.out_channels)) &&
        call->step->scratch_bytes >= shunt_mve_conv2d_scratch_bytes(&p->window);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const uint32_t channels = (uint32_t)shunt_mve_channels(window->out_channels);
    int8_t *const scratch = shunt_scratch(call);
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    convolution_t c;
    SHUNT_COLUMNS_PREPARE(&c.columns, window, p->input_zero_point,
                          in + shunt_operand(call, 0)->bytes, scratch);
    c.tile.weights = shunt_constants(call, p->weights);
    c.tile.records = shunt_constants(call, p->channels);
    c.tile.channels = -(int32_t)channels;
    c.tile.zero_point = p->output_zero_point;
    c.tile.is_window = is_sliding(window);
    SHUNT_TILE_PREPARE(&c.tile, call->step->flags, (uint32_t)c.columns.blocks, p->clamp_min,
                       p->clamp_max);
    c.image = in;
    c.spill =
        channels == window->out_channels ? NULL : scratch + shunt_mve_conv2d_columns_bytes(window);
    c.is_contiguous = c.spill == NULL && is_contiguous(window) && c.columns.inner_y >= 0;
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        convolve_image(&c, out + batch * out_bytes);
        c.image += in_bytes;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_s8) = {
    .id = SHUNT_KERNEL_CONV2D_S8,
    .set = SHUNT_SET_MVE,
    .version = 1,
    .name = "conv2d_s8",
    .check = check,
    .run = run,
};
