// SPDX-License-Identifier: Apache-2.0
//
// How the `neon` set lays out what a step's parameters point to: the weights behind `weights`, the
// records behind `channels`, and its scratch. Plain arithmetic, shared by packer and kernels; the
// parameters themselves are those of the portable set. All sizes are exact in 64 bits.
//
// Records
//
//     Four channels at a time, channels behind the last one zero: shunt_neon_record_t.
//
// Matrices: conv2d_s8, whose weights are a matrix of out_channels rows and kernel_height *
// kernel_width * in_channels columns, and fully_connected_s8
//
//     Four rows (a quad) at a time, rows behind the last one zero. In a quad, four columns of the
//     first row, the same four of the second, of the third, of the fourth; then the next four
//     columns. Columns are padded with zeros to a multiple of 8 (shunt_neon_depth).
//
//     Behind all quads the plans, shunt_neon_plan_words of uint64_t for each quad. A plan has two
//     bits for each 32 columns, from the lowest bits of the first word on, 32 of them a word, and
//     zeros behind. 1: the 32 columns are added up in 16 bits in two halves; 2: all at once. That
//     is for cores without dot product: in 16 bits they sum columns that are 8 apart, so 2 is legal
//     if for each of the quad's rows and each i < 8 the sum of |weight| over columns i, 8 + i, 16 +
//     i and 24 + i is at most 255. With 1 (and with columns behind the last 32) the same must hold
//     for columns i and 8 + i of each 16, which only two weights of -128 violate.
//
// Depthwise convolutions with channel multiplier 1
//
//     Blocks of 16 channels, then blocks of 8 for what remains, padded with zeros. In a block the
//     weights of the first tap for all of its channels, then those of the second, in raster order.
//     Taps 0 and 1, 2 and 3, ... are added up in 16 bits if the window is 3 x 3: no channel may
//     have -128 for both.
#ifndef SHUNT_LAYOUT_NEON_H
#define SHUNT_LAYOUT_NEON_H

#include "shunt_overlap.h"
#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SHUNT_NEON_QUAD = 4,          ///< Channels of a record, rows of a quad.
    SHUNT_NEON_TILE = 4,          ///< Pixels that a matrix kernel computes at a time.
    SHUNT_NEON_CONV2D_SLACK = 64, ///< Bytes that copies of inputs may write behind the last one.
    SHUNT_NEON_KEPT_ROWS = 7,     ///< Rows of taps of a convolution that keeps rows, at most.
    SHUNT_NEON_CHUNK = 32         ///< Columns to which one entry of a plan applies.
};

/// What an entry of a plan says.
enum { SHUNT_NEON_PLAN_HALVES = 1, SHUNT_NEON_PLAN_WHOLE = 2 };

/// Constants of four channels.
typedef struct shunt_neon_record {
    int32_t bias[SHUNT_NEON_QUAD]; ///< As in shunt_channel_t or shunt_line_t.
    /// As in shunt_channel_t; of a line, half of its multiplier.
    int32_t multiplier[SHUNT_NEON_QUAD];
    union {
        int32_t shift[SHUNT_NEON_QUAD]; ///< As in shunt_channel_t.
        /// Of a line, its four offsets, twice; -SHUNT_NEON_MAX_OFFSET ... SHUNT_NEON_MAX_OFFSET.
        int16_t offset[2 * SHUNT_NEON_QUAD];
    };
} shunt_neon_record_t;

/// Largest |offset| for which a sum that saturates to 16 bits still becomes the right int8.
#define SHUNT_NEON_MAX_OFFSET 32640

/// Records, or quads, that `channels` take.
static inline uint64_t shunt_neon_quads(uint64_t channels) {
    return (channels + SHUNT_NEON_QUAD - 1) / SHUNT_NEON_QUAD;
}

/// Columns with padding.
static inline uint64_t shunt_neon_depth(uint64_t columns) {
    return (columns + 7) / 8 * 8;
}

/// 64-bit words of one quad's plan.
static inline uint64_t shunt_neon_plan_words(uint64_t depth) {
    return (depth / SHUNT_NEON_CHUNK + 31) / 32;
}

/// Bytes of a matrix and its plans.
static inline uint64_t shunt_neon_matrix_bytes(uint64_t rows, uint64_t columns) {
    const uint64_t depth = shunt_neon_depth(columns);
    return shunt_neon_quads(rows) * (SHUNT_NEON_QUAD * depth + 8 * shunt_neon_plan_words(depth));
}

/// Columns of a convolution's matrix.
static inline uint64_t shunt_neon_conv2d_columns(const shunt_window_t *window) {
    return (uint64_t)window->kernel_height * window->kernel_width * window->in_channels;
}

/// Scratch of conv2d_s8: the inputs of a tile of pixels, side by side, and what copies overrun.
static inline uint64_t shunt_neon_conv2d_scratch_bytes(const shunt_window_t *window) {
    return SHUNT_NEON_TILE * shunt_neon_depth(shunt_neon_conv2d_columns(window)) +
           SHUNT_NEON_CONV2D_SLACK;
}

/// Bytes of a row of the input as conv2d_s8 keeps it: what an output row's taps reach of it,
/// padding included.
static inline uint64_t shunt_neon_kept_row_bytes(const shunt_window_t *window) {
    return ((uint64_t)(window->out_width - 1u) * window->stride_width + window->kernel_width) *
           window->in_channels;
}

/// Bytes of scratch with which conv2d_s8 keeps the rows that taps reach, and one of padding, on
/// cores with dot product. 0 for a step that cannot: there, pixels and channels are computed by 4 x
/// 16, and inputs are read sixteen at a time.
static inline uint64_t shunt_neon_conv2d_rows_bytes(const shunt_window_t *window) {
    const bool keeps = window->kernel_height > 1 && window->kernel_height <= SHUNT_NEON_KEPT_ROWS &&
                       window->dilation_height == 1 && window->dilation_width == 1 &&
                       (uint32_t)window->kernel_width * window->in_channels % 16 == 0 &&
                       window->out_channels % 16 == 0;
    return keeps ? (window->kernel_height + 1u) * shunt_neon_kept_row_bytes(window) : 0;
}

/// Scratch of fully_connected_s8: padded rows of the input, none if they need no padding.
static inline uint64_t shunt_neon_fully_connected_scratch_bytes(uint64_t batches, uint64_t inputs) {
    const uint64_t rows = batches < SHUNT_NEON_TILE ? batches : SHUNT_NEON_TILE;
    return inputs % 8 == 0 ? 0 : rows * shunt_neon_depth(inputs) + 16;
}

/// Channels of a depthwise convolution with padding.
static inline uint64_t shunt_neon_depthwise_channels(uint64_t channels) {
    return (channels + 7) / 8 * 8;
}

/// Bytes of a depthwise convolution's weights.
static inline uint64_t shunt_neon_depthwise_bytes(const shunt_window_t *window) {
    return (uint64_t)window->kernel_height * window->kernel_width *
           shunt_neon_depthwise_channels(window->out_channels);
}

/// Whether a depthwise convolution copies rows of its input, a block of channels at a time: windows
/// of 3 x 3 with neither strides nor gaps.
static inline bool shunt_neon_depthwise_copies(const shunt_window_t *window) {
    return window->kernel_height == 3 && window->kernel_width == 3 && window->stride_height == 1 &&
           window->stride_width == 1 && window->dilation_height == 1 && window->dilation_width == 1;
}

/// Scratch of depthwise_conv2d_s8: three rows of a block with what lies beside the image, or the
/// taps of a pixel at the image's edge.
static inline uint64_t shunt_neon_depthwise_scratch_bytes(const shunt_window_t *window) {
    return shunt_neon_depthwise_copies(window) ? 48 * ((uint64_t)window->out_width + 2) + 16 : 144;
}

/// Whether a depthwise convolution may write its output over its input, both at the same place.
static inline bool shunt_neon_depthwise_in_place(const shunt_window_t *window) {
    return shunt_neon_depthwise_copies(window)
               ? window->out_height == window->in_height && window->out_width == window->in_width &&
                     window->pad_top <= 2 && window->pad_left <= 2 && window->out_channels % 8 == 0
               : shunt_window_lead(window, true) <= 0;
}

/// Whether the kernels have a pool: of so many channels that they fill a vector's half. They need
/// no scratch; each pixel is written while its inputs are read.
static inline bool shunt_neon_pool_has(const shunt_window_t *window) {
    return window->in_channels >= 8;
}

#ifndef __cplusplus
_Static_assert(sizeof(shunt_neon_record_t) == 48, "layout");
#endif

#ifdef __cplusplus
}
#endif
#endif
