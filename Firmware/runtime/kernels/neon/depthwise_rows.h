// SPDX-License-Identifier: Apache-2.0
//
// Rows of a block of channels, copied beside what lies outside the image: then every window of 3 x
// 3 lies inside, and outputs may be written over the input.
#ifndef SHUNT_NEON_DEPTHWISE_ROWS_H
#define SHUNT_NEON_DEPTHWISE_ROWS_H

#include "intrinsics.h"
#include "shunt_params.h"

/// An image, from a block's first channel on.
typedef struct block_image {
    const int8_t *in;
    const shunt_window_t *window;
    int8_t padding;
} block_image_t;

/// How many columns of the image the windows cover.
static inline uint32_t covered_columns(const shunt_window_t *window) {
    const int32_t most = window->out_width + 2 - window->pad_left;
    return most < 0 ? 0 : most < window->in_width ? (uint32_t)most : window->in_width;
}

static inline bool has_row(const block_image_t *image, int32_t row) {
    return row >= 0 && row < image->window->in_height;
}

static inline const int8_t *row_at(const block_image_t *image, int32_t row) {
    const shunt_window_t *window = image->window;
    return image->in + (size_t)row * window->in_width * window->in_channels;
}

/// Fills `count` times sixteen bytes.
static inline void pad_row(const block_image_t *image, size_t count, int8_t *out) {
    const int8x16_t padding = vdupq_n_s8(image->padding);
    for (; count != 0; count--, out += 16) {
        vst1q_s8(out, padding);
    }
}

#endif
