// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of depthwise_conv2d_s8. They work on a few channels at a time, each of which has
// a plane of its own: for every column of the padded image two words, slot 0 and slot 1, and in
// each the elements of two rows, the upper one in the lower half. The slots take turns: the pair of
// rows in one of them is that below the pair in the other.
#ifndef SHUNT_DSP_DEPTHWISE_ROWS_H
#define SHUNT_DSP_DEPTHWISE_ROWS_H

#include <stddef.h>

#include "shunt_kernel.h"

/// Constants of one channel, ready for registers. Words of weights are halves (row 0, row 1) and
/// (row 1, row 2) of a column of taps, one column after the other; at a stride of 2: row 0 and row
/// 1 of three columns, then row 2 of columns 0 and 1, row 2 of column 2, and the bias.
typedef struct depthwise_channel {
    uint32_t weights[6]; ///< Twice the weights unless the step has lines.
    uint32_t bias;       ///< Twice the bias unless the step has lines.
    uint32_t multiplier;
    uint32_t offset; ///< Lines: of the line. Else: half of 2^shift, and the zero point times that.
    uint32_t shift;  ///< To the right; not for lines.
} depthwise_channel_t;

/// What stays the same over all rows of a block, and where the next one stands.
typedef struct depthwise_rows {
    const depthwise_channel_t *channels;
    const depthwise_channel_t *channels_end;
    uint32_t *planes; ///< Of all channels of the block, one after the other.
    int8_t *out;      ///< First output of the first channel.
    /// Stride 1: bytes to the row of outputs below, which is computed, too; 0 if there is none.
    size_t row_stride;
    size_t column_stride; ///< Bytes from one output to the next.
    uint32_t columns;     ///< Outputs in a row.
    uint32_t plane_bytes; ///< Of one channel.
} depthwise_rows_t;

/// Where inputs come from.
typedef struct depthwise_source {
    const int8_t *rows[2];   ///< The first channel's elements in the first column of two rows.
    size_t column_stride[2]; ///< Bytes from one column to the next; 0: all are the same.
    uint32_t columns;        ///< At least 1.
    uint32_t plane_bytes;
} depthwise_source_t;

/// Computes one row of outputs, or two at a stride of 1, of each channel of a block.
typedef void (*depthwise_compute_t)(const depthwise_rows_t *rows);

/// Brings elements of two rows from an image, channels last, to planes.
///
/// @param to The word of the first column, in the slot to fill, in the first channel's plane.
typedef void (*depthwise_spread_t)(const depthwise_source_t *from, uint32_t *to);

#define SHUNT_DEPTHWISE_COMPUTE SHUNT_KERNEL_SYMBOL(depthwise_compute)
#define SHUNT_DEPTHWISE_SPREAD SHUNT_KERNEL_SYMBOL(depthwise_spread)

/// By shunt_requantization_t, stride - 1, and the slot that has the upper rows.
extern const depthwise_compute_t SHUNT_DEPTHWISE_COMPUTE[3][2][2];

/// By the number of channels, 2 or 4, divided by 4.
extern const depthwise_spread_t SHUNT_DEPTHWISE_SPREAD[2];

#endif
