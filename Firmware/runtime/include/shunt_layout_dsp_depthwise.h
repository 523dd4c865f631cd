// SPDX-License-Identifier: Apache-2.0
//
// How depthwise_conv2d_s8 of the `dsp` set wants weights and scratch: plain arithmetic, shared by
// the packer and the kernel.
#ifndef SHUNT_LAYOUT_DSP_DEPTHWISE_H
#define SHUNT_LAYOUT_DSP_DEPTHWISE_H

#include <stdbool.h>
#include <stdint.h>

#include "shunt_layout_dsp.h"
#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SHUNT_DSP_DEPTHWISE_TAPS = 3,  ///< Rows and columns of all windows; smaller ones are widened.
    SHUNT_DSP_DEPTHWISE_WORDS = 2, ///< Of one channel's weights, and one byte behind all words.
    SHUNT_DSP_DEPTHWISE_WEIGHTS_BYTES = 9, ///< Of one channel.
    SHUNT_DSP_DEPTHWISE_RECORD_BYTES = 40, ///< Of one channel of a block, in scratch.
    /// Scratch up to which a block has four channels, where that is a matter of choice.
    SHUNT_DSP_DEPTHWISE_SCRATCH_GOAL = 1024,
};

/// The record of a channel.
typedef struct shunt_dsp_depthwise_channel {
    int32_t bias;
    shunt_dsp_scale_t scale;
} shunt_dsp_depthwise_channel_t;

#ifndef __cplusplus
_Static_assert(sizeof(shunt_dsp_depthwise_channel_t) == 12, "layout");
#endif

/// Whether the kernel has a window: up to 3 x 3 taps side by side, at a stride of 1 or 2 in both
/// directions, over a multiple of four channels with one output each.
static inline bool shunt_dsp_depthwise_has(const shunt_window_t *window) {
    const uint32_t taps = SHUNT_DSP_DEPTHWISE_TAPS;
    return window->kernel_height <= taps && window->kernel_width <= taps &&
           window->dilation_height == 1 && window->dilation_width == 1 &&
           window->stride_height == window->stride_width && window->stride_height >= 1 &&
           window->stride_height <= 2 && window->pad_top < taps && window->pad_left < taps &&
           window->in_channels == window->out_channels && window->out_channels % 4 == 0;
}

/// Where the weight of a tap of a channel stands at `weights`. Each channel has two words, of which
/// sign extensions give the halves (row 0, row 1) of the three columns, and row 2 of columns 0 and
/// 1; row 2 of column 2 is a byte behind the words of all channels. Taps that the window does not
/// have are 0.
static inline uint32_t shunt_dsp_depthwise_place(uint32_t channels, uint32_t channel, uint32_t row,
                                                 uint32_t column) {
    const uint32_t words_bytes = 4 * SHUNT_DSP_DEPTHWISE_WORDS;
    if (row == 2 && column == 2) {
        return words_bytes * channels + channel;
    }
    const uint32_t first = words_bytes * channel;
    return column == 2 ? first + 5 + 2 * row
                       : first + (row == 2 ? 4 + 2 * column : 2 * row + column);
}

/// Columns of the image, padding included, that one row of outputs reads.
static inline uint32_t shunt_dsp_depthwise_columns(const shunt_window_t *window) {
    // At a stride of 2, outputs come in pairs. Two columns are left behind them at either stride.
    return window->stride_width == 1 ? (uint32_t)window->out_width + 2
                                     : ((uint32_t)window->out_width + 1) / 2 * 4 + 2;
}

/// Bytes of scratch that blocks of `block` channels need.
///
/// @param block 2 or 4: the channels that are computed at a time. Four take fewer instructions; the
///              kernel takes as many as the step's scratch has room for.
static inline uint32_t shunt_dsp_depthwise_scratch_bytes(const shunt_window_t *window,
                                                         uint32_t block) {
    // Of each column four rows, in halves.
    return block * (shunt_dsp_depthwise_columns(window) * 8 + SHUNT_DSP_DEPTHWISE_RECORD_BYTES);
}

/// The number of channels to give a block room for.
static inline uint32_t shunt_dsp_depthwise_block(const shunt_window_t *window) {
    const uint32_t goal = SHUNT_DSP_DEPTHWISE_SCRATCH_GOAL;
    return shunt_dsp_depthwise_scratch_bytes(window, 4) <= goal ? 4 : 2;
}

/// Whether the output may lie exactly over the input, besides apart from it. Each block of channels
/// reads and writes bytes of its own, and no output comes before the inputs of its place are read.
static inline bool shunt_dsp_depthwise_in_place(const shunt_window_t *window) {
    return window->out_height <= window->in_height && window->out_width <= window->in_width;
}

#ifdef __cplusplus
}
#endif
#endif
