// SPDX-License-Identifier: Apache-2.0
//
// How the kernels of the `mve` set want their constants, and the scratch that they need. Plain
// arithmetic, shared by the packer and the kernels, which check it.
//
// Dot products run over blocks of 16 bytes. Weights behind the last one of a channel are 0, so that
// whatever is multiplied by them does not count.
//
// Records are three int32_t for each output channel, in order; a number of channels that is no
// multiple of 4 is filled up with records of zeros. SHUNT_REQUANTIZE_EXACT and _FAST:
// shunt_channel_t. SHUNT_REQUANTIZE_LINE: shunt_line_t with half of the multiplier in place of it.
#ifndef SHUNT_LAYOUT_MVE_H
#define SHUNT_LAYOUT_MVE_H

#include <stdbool.h>

#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SHUNT_MVE_BLOCK = 16,       ///< Bytes of a vector.
    SHUNT_MVE_QUAD = 4,         ///< Channels come in quads.
    SHUNT_MVE_OCTET = 8,        ///< In fully_connected_s8 they come in octets.
    SHUNT_MVE_RECORD_WORDS = 3, ///< Of a channel.
    SHUNT_MVE_PIXELS = 4        ///< Pixels that conv2d_s8 computes together.
};

/// Blocks that hold `bytes`.
static inline uint64_t shunt_mve_blocks(uint64_t bytes) {
    return (bytes + SHUNT_MVE_BLOCK - 1) / SHUNT_MVE_BLOCK;
}

/// `channels`, rounded up to quads.
static inline uint64_t shunt_mve_channels(uint32_t channels) {
    return ((uint64_t)channels + SHUNT_MVE_QUAD - 1) / SHUNT_MVE_QUAD * SHUNT_MVE_QUAD;
}

/// Bytes of the records of `channels` channels.
static inline uint64_t shunt_mve_records_bytes(uint32_t channels) {
    return shunt_mve_channels(channels) * SHUNT_MVE_RECORD_WORDS * sizeof(int32_t);
}

/// Bytes that a pixel's sum runs over: a column, [kernel_height, kernel_width, in_channels].
static inline uint64_t shunt_mve_conv2d_depth(const shunt_window_t *window) {
    return (uint64_t)window->kernel_height * window->kernel_width * window->in_channels;
}

/// conv2d_s8: bytes of the weights. For each quad of channels c ... c + 3: block 0 of channel c,
/// block 0 of c + 1, block 1 of c, ... up to the last block; then the last block of channel c + 2,
/// the last one of c + 3, ... down to block 0. A block is 16 bytes of the channel's weights
/// [kernel_height, kernel_width, in_channels].
static inline uint64_t shunt_mve_conv2d_weights_bytes(const shunt_window_t *window) {
    return shunt_mve_channels(window->out_channels) *
           shunt_mve_blocks(shunt_mve_conv2d_depth(window)) * SHUNT_MVE_BLOCK;
}

/// Bytes of the columns of SHUNT_MVE_PIXELS pixels, and of one on its way there.
static inline uint64_t shunt_mve_conv2d_columns_bytes(const shunt_window_t *window) {
    const uint64_t column = shunt_mve_blocks(shunt_mve_conv2d_depth(window)) * SHUNT_MVE_BLOCK;
    const uint64_t staging = window->in_channels % SHUNT_MVE_BLOCK == 0 ? 0 : column;
    return SHUNT_MVE_PIXELS * column + staging + SHUNT_MVE_BLOCK;
}

/// conv2d_s8: bytes of scratch: columns, and outputs whose channels do not fill their last quad.
static inline uint64_t shunt_mve_conv2d_scratch_bytes(const shunt_window_t *window) {
    const uint64_t channels = shunt_mve_channels(window->out_channels);
    const uint64_t spill = channels == window->out_channels ? 0 : SHUNT_MVE_PIXELS * channels;
    return shunt_mve_conv2d_columns_bytes(window) + spill;
}

/// `channels`, rounded up to octets.
static inline uint64_t shunt_mve_octets(uint32_t channels) {
    return ((uint64_t)channels + SHUNT_MVE_OCTET - 1) / SHUNT_MVE_OCTET * SHUNT_MVE_OCTET;
}

/// fully_connected_s8: bytes of the weights. For each octet of channels: block 0 of each of them,
/// block 1 of each of them, ... A number of channels that is no multiple of 8 is filled up.
static inline uint64_t shunt_mve_fully_connected_weights_bytes(uint32_t outputs, uint32_t inputs) {
    return shunt_mve_octets(outputs) * shunt_mve_blocks(inputs) * SHUNT_MVE_BLOCK;
}

/// fully_connected_s8: bytes of the records. They are not those of the other kernels: each octet
/// has eight first words, eight second ones, eight third ones, each in the order of channels 0, 2,
/// 4, 6, 1, 3, 5, 7.
static inline uint64_t shunt_mve_fully_connected_records_bytes(uint32_t outputs) {
    return shunt_mve_octets(outputs) * SHUNT_MVE_RECORD_WORDS * sizeof(int32_t);
}

/// Where the words of channel 0 ... 7 of an octet stand among those of their kind.
static inline uint32_t shunt_mve_octet_place(uint32_t channel) {
    return channel / 2 + (channel % 2) * (SHUNT_MVE_OCTET / 2);
}

/// fully_connected_s8: bytes of scratch: a row of inputs that do not fill their last block.
static inline uint64_t shunt_mve_fully_connected_scratch_bytes(uint32_t inputs) {
    return inputs % SHUNT_MVE_BLOCK == 0 ? 0 : shunt_mve_blocks(inputs) * SHUNT_MVE_BLOCK;
}

/// Whether depthwise_conv2d_s8 has a kernel for the window: 3 x 3, stride 1 or 2, one output for
/// each input channel, whole quads of them.
static inline bool shunt_mve_depthwise_is_supported(const shunt_window_t *window) {
    return window->kernel_height == 3 && window->kernel_width == 3 &&
           window->stride_height == window->stride_width &&
           (window->stride_height == 1 || window->stride_height == 2) &&
           window->dilation_height == 1 && window->dilation_width == 1 &&
           window->in_channels == window->out_channels &&
           window->out_channels % SHUNT_MVE_QUAD == 0;
}

/// Whether depthwise_conv2d_s8 may write its output over its input, at the same offset. With stride
/// 2 it may where shunt_window_lead allows it, all inputs of a pixel being read before it is
/// written.
static inline bool shunt_mve_depthwise_in_place(const shunt_window_t *window) {
    return window->stride_height == 1 && window->pad_top == 1 && window->pad_left == 1 &&
           window->in_height == window->out_height && window->in_width == window->out_width;
}

/// Where the weight of a tap stands among the 16 bytes of its channel.
static inline uint32_t shunt_mve_depthwise_place(const shunt_window_t *window, uint32_t row,
                                                 uint32_t column) {
    return column * (window->stride_height == 1 ? 4u : 3u) + row;
}

/// depthwise_conv2d_s8: bytes of the weights: 16 of zeros, then 16 for each channel, in which all
/// that are no taps are 0.
static inline uint64_t shunt_mve_depthwise_weights_bytes(const shunt_window_t *window) {
    return SHUNT_MVE_BLOCK * (1 + (uint64_t)window->out_channels);
}

/// depthwise_conv2d_s8: bytes of scratch: patches, a place for outputs that do not exist, and a row
/// of the image if the output may overwrite it.
static inline uint64_t shunt_mve_depthwise_scratch_bytes(const shunt_window_t *window) {
    const uint64_t patch = SHUNT_MVE_BLOCK * SHUNT_MVE_BLOCK;
    if (window->stride_height == 2) {
        return SHUNT_MVE_BLOCK + 4 * patch * shunt_mve_blocks(window->out_channels);
    }
    const uint64_t row =
        shunt_mve_depthwise_in_place(window) ? (uint64_t)SHUNT_MVE_BLOCK * window->in_width : 0;
    return SHUNT_MVE_BLOCK + 3 * patch + row;
}

#ifdef __cplusplus
}
#endif
#endif
