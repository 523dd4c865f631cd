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

/// Places at which a window whose taps span `span` lies inside 0 ... size - 1.
static uint32_t places_inside(uint32_t size, uint32_t kernel, uint32_t dilation) {
    const uint32_t span = (kernel - 1) * dilation + 1;
    return span <= size ? size - span + 1 : 0;
}

static bool is_inside(const gather_t *g, const pixel_t *pixel) {
    return (uint32_t)pixel->y < g->inside_rows && (uint32_t)pixel->x < g->inside_columns;
}

/// The bytes of an input pixel that lies inside.
static const int8_t *locate(const gather_t *g, const int8_t *image, int32_t y, int32_t x) {
    return image + (size_t)y * g->row_bytes + (size_t)x * g->window->in_channels;
}

/// Next output pixel.
static void advance(gather_t *g) {
    const shunt_window_t *window = g->window;
    g->x += window->stride_width;
    if (++g->column < window->out_width) {
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

/// Copies at most seven bytes more than once.
static inline void copy_run(int8_t *to, const int8_t *from, uint32_t count) {
    if (count < 4) {
        for (uint32_t i = 0; i < count; i++) {
            to[i] = from[i];
        }
        return;
    }
    const uint32_t last = count - 4;
    for (uint32_t i = 0; i < last; i += 4) {
        store_word(to + i, load_word(from + i));
    }
    store_word(to + last, load_word(from + last));
}

/// Widens the inputs of three pixels that lie inside and whose taps are neighbours.
static void widen_rows(const gather_t *g, const pixel_t *pixels) {
    const shunt_window_t *window = g->window;
    const uint32_t words = (uint32_t)window->kernel_width * window->in_channels / 4;
    const size_t pitch = (size_t)g->row_bytes * window->dilation_height;
    const int8_t *in0 = locate(g, pixels[0].image, pixels[0].y, pixels[0].x);
    const int8_t *in1 = locate(g, pixels[1].image, pixels[1].y, pixels[1].x);
    const int8_t *in2 = locate(g, pixels[2].image, pixels[2].y, pixels[2].x);
    uint32_t *units = SHUNT_EXPAND(g->units, words, in0, in1, in2);
    for (size_t row = 1, offset = pitch; row < window->kernel_height; row++, offset += pitch) {
        units = SHUNT_EXPAND(units, words, in0 + offset, in1 + offset, in2 + offset);
    }
}

/// The bytes at one tap, which may lie outside.
static const int8_t *tap(const gather_t *g, const pixel_t *pixel, uint32_t row, uint32_t column) {
    const int32_t y = pixel->y + (int32_t)(row * g->window->dilation_height);
    const int32_t x = pixel->x + (int32_t)(column * g->window->dilation_width);
    const bool is_outside =
        (uint32_t)y >= g->window->in_height || (uint32_t)x >= g->window->in_width;
    return is_outside ? g->bytes : locate(g, pixel->image, y, x);
}

/// Widens the inputs of three pixels, tap by tap.
static void widen_taps(const gather_t *g, const pixel_t *pixels) {
    const shunt_window_t *window = g->window;
    uint32_t *units = g->units;
    for (uint32_t row = 0; row < window->kernel_height; row++) {
        for (uint32_t column = 0; column < window->kernel_width; column++) {
            units = SHUNT_EXPAND(units, window->in_channels / 4u, tap(g, &pixels[0], row, column),
                                 tap(g, &pixels[1], row, column), tap(g, &pixels[2], row, column));
        }
    }
}

/// Brings the inputs of one pixel together, that lies inside and whose taps are neighbours.
static void copy_rows(const gather_t *g, const pixel_t *pixel, int8_t *patch) {
    const shunt_window_t *window = g->window;
    const uint32_t run = (uint32_t)window->kernel_width * window->in_channels;
    const size_t pitch = (size_t)g->row_bytes * window->dilation_height;
    const int8_t *in = locate(g, pixel->image, pixel->y, pixel->x);
    copy_run(patch, in, run);
    for (uint32_t row = 1; row < window->kernel_height; row++) {
        patch += run;
        in += pitch;
        copy_run(patch, in, run);
    }
}

/// Brings the inputs of one pixel together, tap by tap.
static void copy_taps(const gather_t *g, const pixel_t *pixel, int8_t *patch) {
    const shunt_window_t *window = g->window;
    const uint32_t depth = window->in_channels;
    for (uint32_t i = 0; i < g->unit_count; i++) {
        store_word(patch + 4 * (size_t)i, g->padding);
    }
    int32_t y = pixel->y;
    for (uint32_t row = 0; row < window->kernel_height; row++, y += window->dilation_height) {
        int32_t x = pixel->x;
        for (uint32_t column = 0; column < window->kernel_width; column++, patch += depth) {
            if ((uint32_t)y < window->in_height && (uint32_t)x < window->in_width) {
                copy_run(patch, locate(g, pixel->image, y, x), depth);
            }
            x += window->dilation_width;
        }
    }
}

static void widen_patches(const gather_t *g, const pixel_t *pixels, uint32_t count) {
    const size_t patch_bytes = 4 * (size_t)g->unit_count;
    int8_t *patch = g->bytes;
    for (uint32_t i = 0; i < count; i++, patch += patch_bytes) {
        if (g->has_runs && is_inside(g, &pixels[i])) {
            copy_rows(g, &pixels[i], patch);
        } else {
            copy_taps(g, &pixels[i], patch);
        }
    }
    SHUNT_EXPAND(g->units, g->unit_count, g->bytes, g->bytes + patch_bytes,
                 g->bytes + 2 * patch_bytes);
}

void SHUNT_GATHER_BEGIN(gather_t *gather, const shunt_window_t *window, int32_t input_zero_point,
                        const int8_t *in, void *scratch) {
    const uint32_t every_byte = 0x01010101;
    const uint32_t unit_count = (uint32_t)shunt_dsp_units(shunt_dsp_conv2d_length(window));
    uint32_t *units = scratch;
    *gather = (gather_t){
        .units = units,
        .unit_count = unit_count,
        .window = window,
        .bytes = (int8_t *)(units + (size_t)unit_count * TILE_UNIT_WORDS),
        .padding = ((uint32_t)input_zero_point & UINT8_MAX) * every_byte,
        .row_bytes = (uint32_t)window->in_width * window->in_channels,
        .inside_rows =
            places_inside(window->in_height, window->kernel_height, window->dilation_height),
        .inside_columns =
            places_inside(window->in_width, window->kernel_width, window->dilation_width),
        .is_patchy = window->in_channels % 4 != 0,
        .has_runs = window->dilation_width == 1 || window->kernel_width == 1,
        .image = in,
        .y = -window->pad_top,
        .x = -window->pad_left,
    };
    if (!gather->is_patchy && shunt_dsp_window_leaves(window)) {
        for (uint32_t i = 0; i < window->in_channels; i += 4) {
            store_word(gather->bytes + i, gather->padding);
        }
    }
}

void SHUNT_GATHER(gather_t *gather, uint32_t count) {
    pixel_t pixels[TILE_PIXELS];
    bool is_plain = gather->has_runs;
    for (uint32_t i = 0; i < TILE_PIXELS; i++) {
        if (i < count) {
            pixels[i] = (pixel_t){gather->image, gather->y, gather->x};
            is_plain = is_plain && is_inside(gather, &pixels[i]);
            advance(gather);
        } else {
            pixels[i] = pixels[0];
        }
    }
    if (gather->is_patchy) {
        widen_patches(gather, pixels, count);
    } else if (is_plain) {
        widen_rows(gather, pixels);
    } else {
        widen_taps(gather, pixels);
    }
}
