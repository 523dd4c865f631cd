// SPDX-License-Identifier: Apache-2.0
//
// Scratch of the `portable` kernels, and which of them may write over their input. Plain
// arithmetic, shared by the packer, which hands out scratch, and the kernels, which check it.
//
// Weights and channel records lie as shunt_params.h says, but for fully_connected_lanes_s8. A step
// without scratch is slower and otherwise the same.
//
// fully_connected_lanes_s8
//
//     Eight rows (an octet) at a time, the last ones filled up with rows of 0. The columns of an
//     octet go in stretches: a u32 number of columns, even and not 0, and for each of them eight
//     bytes, the weights of rows 0 ... 7 of the octet, 128 added to each. In a stretch the
//     |weights| of each row add up to at most SHUNT_PORTABLE_LANE_WEIGHTS: its sum of products
//     fits an i16, whatever the inputs, and two sums share a word.
#ifndef SHUNT_LAYOUT_PORTABLE_H
#define SHUNT_LAYOUT_PORTABLE_H

#include <stdbool.h>

#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SHUNT_PORTABLE_TILE_LENGTH = 1024,  ///< Weights of a channel of conv2d_s8 that scratch helps.
    SHUNT_PORTABLE_TILE_PIXELS = 4,     ///< Output pixels of conv2d_s8 that are computed together.
    SHUNT_PORTABLE_DEPTHWISE_SUMS = 36, ///< The same of depthwise_conv2d_s8, in whole rows.
    SHUNT_PORTABLE_OCTET = 8,           ///< Rows of fully_connected_lanes_s8 that go together.
    /// Most that the |weights| of a row may add up to in a stretch; two fit always, but -128.
    SHUNT_PORTABLE_LANE_WEIGHTS = 255
};

/// Bytes of scratch with which conv2d_s8 computes several pixels at a time: what each of them
/// reads, widened to 32 bits. With them its output may lie over its input by the rule of
/// shunt_window_lead(window, true). 0 for a step that scratch does not help.
static inline uint64_t shunt_portable_conv2d_scratch(const shunt_window_t *window,
                                                     uint32_t groups) {
    const uint64_t length =
        (uint64_t)window->kernel_height * window->kernel_width * window->in_channels;
    const bool tiled =
        groups == 1 && window->dilation_width == 1 && length <= SHUNT_PORTABLE_TILE_LENGTH;
    return tiled ? length * (SHUNT_PORTABLE_TILE_PIXELS * sizeof(int32_t)) : 0;
}

/// Columns, padding included, that depthwise_conv2d_s8 keeps of a row: those that windows of 3 x 3
/// reach.
static inline uint64_t shunt_portable_depthwise_columns(const shunt_window_t *window) {
    return (uint64_t)(window->out_width - 1u) * window->stride_width + 3;
}

/// Rows of outputs of a channel that depthwise_conv2d_s8 sums up before it requantizes them.
static inline uint32_t shunt_portable_depthwise_rows(const shunt_window_t *window) {
    uint32_t rows = 1;
    while (rows < window->out_height &&
           (rows + 1) * window->out_width <= SHUNT_PORTABLE_DEPTHWISE_SUMS) {
        rows++;
    }
    return rows;
}

/// Bytes of scratch with which depthwise_conv2d_s8 goes through the image channel by channel: three
/// rows of one channel, and sums of outputs, in 32 bits. 0 for a step that scratch does not help.
static inline uint64_t shunt_portable_depthwise_scratch(const shunt_window_t *window) {
    if (window->kernel_height != 3 || window->kernel_width != 3 || window->dilation_height != 1 ||
        window->dilation_width != 1 || window->in_channels != window->out_channels) {
        return 0;
    }
    const uint32_t sums = shunt_portable_depthwise_rows(window) * window->out_width;
    return (3 * shunt_portable_depthwise_columns(window) + sums) * sizeof(int32_t);
}

/// Whether depthwise_conv2d_s8 with scratch may write its output exactly over its input: no output
/// row lies over input rows that are still to be read.
static inline bool shunt_portable_depthwise_in_place(const shunt_window_t *window) {
    for (uint32_t row = 0; row < window->out_height; row++) {
        const int64_t read = (int64_t)row * window->stride_height - window->pad_top + 3;
        const int64_t rows = row + 1 == window->out_height || read > window->in_height
                                 ? window->in_height
                                 : (read < 0 ? 0 : read);
        if (((int64_t)row + 1) * window->out_width > rows * window->in_width) {
            return false;
        }
    }
    return true;
}

/// Whether fully_connected_lanes_s8 has a form for so many columns and rows.
static inline bool shunt_portable_lanes_has(uint32_t inputs, uint32_t outputs) {
    return inputs != 0 && inputs % 2 == 0 && outputs != 0;
}

/// Bytes of a stretch of fully_connected_lanes_s8.
static inline uint64_t shunt_portable_stretch_bytes(uint32_t columns) {
    return sizeof(uint32_t) + (uint64_t)columns * SHUNT_PORTABLE_OCTET;
}

#ifdef __cplusplus
}
#endif
#endif
