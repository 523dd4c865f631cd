// SPDX-License-Identifier: Apache-2.0
#include "gather.h"

#include "intrinsics.h"
#include "tile.h"

#include "shunt_layout_dsp.h"

/// Where the window of an output pixel lies.
typedef struct pixel {
    const int8_t *image;
    int32_t y, x; ///< Of the first tap; perhaps outside.
} pixel_t;

/// Places at which a window whose taps span (kernel - 1) * dilation + 1 lies inside 0 ... size - 1.
__attribute__((noinline)) static uint32_t places_inside(uint32_t size, uint32_t kernel,
                                                        uint32_t dilation) {
    const uint32_t span = (kernel - 1) * dilation + 1;
    return span <= size ? size - span + 1 : 0;
}

/// The bytes of an input pixel that lies inside.
static const int8_t *locate(const gather_t *g, const int8_t *image, int32_t y, int32_t x) {
    return image + (size_t)y * g->row_bytes + (size_t)x * g->pixel_bytes;
}

/// Goes on by `count` output pixels, at most to the end of the row.
static void advance(gather_t *g, uint32_t count) {
    const shunt_window_t *window = g->window;
    g->x += (int32_t)count * window->stride_width;
    g->column += count;
    if (g->column < g->out_width) {
        return;
    }
    g->column = 0;
    g->x = -window->pad_left;
    g->y += window->stride_height;
    if (++g->row < window->out_height) {
        return;
    }
    g->row = 0;
    g->y = -window->pad_top;
    g->image += (size_t)g->row_bytes * window->in_height;
}

/// Copies `count` neighbours, word by word, the last word perhaps across the one before.
static inline void copy_run(int8_t *to, const int8_t *from, uint32_t count) {
    if (count < 4) {
        while (count-- > 0) {
            *to++ = *from++;
        }
        return;
    }
    const int8_t *last = from + count - 4;
    int8_t *last_to = to + count - 4;
    while (from < last) {
        store_word(to, load_word(from));
        to += 4;
        from += 4;
    }
    store_word(last_to, load_word(last));
}

/// Brings the inputs of one pixel together, whose window lies inside.
static void copy_rows(const gather_t *g, const int8_t *in, int8_t *patch) {
    // Fields are read once: a store of an int8_t may change any of them.
    const uint32_t run = g->run_bytes, pitch = g->tap_row_bytes;
    for (uint32_t rows = g->window->kernel_height; rows > 0; rows--) {
        copy_run(patch, in, run);
        patch += run;
        in += pitch;
    }
}

/// Widens the inputs of three pixels whose windows lie inside.
static void widen_rows(const gather_t *g, const int8_t *in0, const int8_t *in1, const int8_t *in2) {
    const uint32_t words = g->run_bytes / 4;
    uint32_t *units = SHUNT_EXPAND(g->units, words, in0, in1, in2);
    for (uint32_t rows = g->window->kernel_height; --rows > 0;) {
        in0 += g->tap_row_bytes;
        in1 += g->tap_row_bytes;
        in2 += g->tap_row_bytes;
        units = SHUNT_EXPAND(units, words, in0, in1, in2);
    }
}

/// The bytes at one tap, which may lie outside.
static const int8_t *tap(const gather_t *g, const pixel_t *pixel, int32_t row, int32_t column) {
    const int32_t y = pixel->y + row, x = pixel->x + column;
    const bool is_outside =
        (uint32_t)y >= g->window->in_height || (uint32_t)x >= g->window->in_width;
    return is_outside ? g->bytes : locate(g, pixel->image, y, x);
}

/// Widens the inputs of three pixels, tap by tap.
static void widen_taps(const gather_t *g, const pixel_t *pixels) {
    const shunt_window_t *window = g->window;
    const int32_t height = window->kernel_height * window->dilation_height;
    const int32_t width = window->kernel_width * window->dilation_width;
    uint32_t *units = g->units;
    for (int32_t row = 0; row < height; row += window->dilation_height) {
        for (int32_t column = 0; column < width; column += window->dilation_width) {
            units = SHUNT_EXPAND(units, window->in_channels / 4u, tap(g, &pixels[0], row, column),
                                 tap(g, &pixels[1], row, column), tap(g, &pixels[2], row, column));
        }
    }
}

/// Copies the taps of one row that lie inside, one by one. Rare, and not part of its caller, which
/// would be short of registers.
__attribute__((noinline)) static void copy_row(const gather_t *g, const int8_t *row, int32_t x,
                                               int8_t *patch) {
    const uint32_t depth = g->pixel_bytes, width = g->window->in_width;
    const int32_t step = g->window->dilation_width;
    for (uint32_t column = g->window->kernel_width; column > 0; column--) {
        if ((uint32_t)x < width) {
            copy_run(patch, row + (size_t)x * depth, depth);
        }
        patch += depth;
        x += step;
    }
}

/// Brings the inputs of one pixel together, some of which may be padding.
__attribute__((noinline)) static void copy_taps(const gather_t *g, const pixel_t *pixel,
                                                int8_t *patch) {
    const shunt_window_t *window = g->window;
    const uint32_t depth = g->pixel_bytes, run = g->run_bytes, padding = g->padding;
    for (int8_t *to = patch, *end = patch + 4 * (size_t)g->unit_count; to != end; to += 4) {
        store_word(to, padding);
    }
    // Where they are neighbours, those of a row that lie inside.
    const int32_t x = pixel->x;
    const int32_t first = x < 0 ? -x : 0;
    const int32_t behind = window->in_width - x;
    const int32_t last = behind < window->kernel_width ? behind : window->kernel_width;
    const bool are_neighbours = window->dilation_width == 1;
    if (are_neighbours && first >= last) {
        return;
    }
    const int32_t step = window->dilation_height;
    int32_t y = pixel->y;
    for (uint32_t rows = window->kernel_height, height = window->in_height; rows > 0; rows--) {
        if ((uint32_t)y < height) {
            const int8_t *row = locate(g, pixel->image, y, 0);
            if (are_neighbours) {
                copy_run(patch + (size_t)first * depth, row + (size_t)(x + first) * depth,
                         (uint32_t)(last - first) * depth);
            } else {
                copy_row(g, row, x, patch);
            }
        }
        patch += run;
        y += step;
    }
}

/// The next `count` output pixels, wherever they are.
static void gather_any(gather_t *g, uint32_t count) {
    const size_t patch_bytes = 4 * (size_t)g->unit_count;
    pixel_t pixels[TILE_PIXELS];
    for (uint32_t i = 0; i < TILE_PIXELS; i++) {
        if (i >= count) {
            pixels[i] = pixels[0];
            continue;
        }
        pixels[i] = (pixel_t){g->image, g->y, g->x};
        if (g->is_patchy) {
            copy_taps(g, &pixels[i], g->bytes + i * patch_bytes);
        }
        advance(g, 1);
    }
    if (g->is_patchy) {
        SHUNT_EXPAND(g->units, g->unit_count, g->bytes, g->bytes + patch_bytes,
                     g->bytes + 2 * patch_bytes);
    } else {
        widen_taps(g, pixels);
    }
}

/// The next three output pixels, which are in one row and whose windows lie inside.
static void gather_inside(gather_t *g) {
    const uint32_t pitch = g->window->stride_width * g->pixel_bytes;
    const int8_t *in0 = locate(g, g->image, g->y, g->x);
    const int8_t *in1 = in0 + pitch;
    const int8_t *in2 = in1 + pitch;
    if (g->are_nines) {
        SHUNT_EXPAND_NINES(g->units, in0, in1, in2, g->tap_row_bytes);
    } else if (g->is_patchy) {
        const size_t patch_bytes = 4 * (size_t)g->unit_count;
        int8_t *patch1 = g->bytes + patch_bytes;
        int8_t *patch2 = patch1 + patch_bytes;
        copy_rows(g, in0, g->bytes);
        copy_rows(g, in1, patch1);
        copy_rows(g, in2, patch2);
        SHUNT_EXPAND(g->units, g->unit_count, g->bytes, patch1, patch2);
    } else {
        widen_rows(g, in0, in1, in2);
    }
    advance(g, TILE_PIXELS);
}

void SHUNT_GATHER(gather_t *gather, uint32_t count) {
    if (count == TILE_PIXELS && gather->column + TILE_PIXELS <= gather->out_width &&
        (uint32_t)gather->x < gather->tile_columns && (uint32_t)gather->y < gather->inside_rows) {
        gather_inside(gather);
    } else {
        gather_any(gather, count);
    }
}

void SHUNT_GATHER_BEGIN(gather_t *gather, const shunt_window_t *window, int32_t input_zero_point,
                        const int8_t *in, void *scratch) {
    const uint32_t every_byte = 0x01010101;
    const uint32_t unit_count = (uint32_t)shunt_dsp_units(shunt_dsp_conv2d_length(window));
    const bool has_runs = window->dilation_width == 1 || window->kernel_width == 1;
    const uint32_t inside_columns =
        places_inside(window->in_width, window->kernel_width, window->dilation_width);
    const uint32_t columns = has_runs ? inside_columns : 0;
    const uint32_t tile_steps = (TILE_PIXELS - 1) * window->stride_width;
    uint32_t *units = scratch;
    // One by one: an initializer would call memset.
    gather->units = units;
    gather->unit_count = unit_count;
    gather->window = window;
    gather->bytes = (int8_t *)(units + (size_t)unit_count * TILE_UNIT_WORDS);
    gather->padding = ((uint32_t)input_zero_point & UINT8_MAX) * every_byte;
    gather->pixel_bytes = window->in_channels;
    gather->row_bytes = (uint32_t)window->in_width * window->in_channels;
    gather->run_bytes = (uint32_t)window->kernel_width * window->in_channels;
    gather->tap_row_bytes = gather->row_bytes * window->dilation_height;
    gather->out_width = window->out_width;
    gather->inside_rows =
        places_inside(window->in_height, window->kernel_height, window->dilation_height);
    gather->tile_columns = columns > tile_steps ? columns - tile_steps : 0;
    gather->is_patchy = window->in_channels % 4 != 0;
    gather->are_nines = gather->run_bytes == 9 && window->kernel_height == 3;
    gather->image = in;
    gather->row = 0;
    gather->column = 0;
    gather->y = -window->pad_top;
    gather->x = -window->pad_left;
    if (!gather->is_patchy) {
        for (uint32_t i = 0; i < window->in_channels; i += 4) {
            store_word(gather->bytes + i, gather->padding);
        }
    }
}
