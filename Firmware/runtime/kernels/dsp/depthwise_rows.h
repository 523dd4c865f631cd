// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of depthwise_conv2d_s8. They work on a few channels at a time, each of which has
// a plane of its own: its constants, then for every column of the padded image two words, slot 0
// and slot 1, and in each the elements of two rows, the upper one in the lower half. The slots take
// turns: the pair of rows in one of them is that below the pair in the other.
#ifndef SHUNT_DSP_DEPTHWISE_ROWS_H
#define SHUNT_DSP_DEPTHWISE_ROWS_H

#include <stddef.h>

#include "shunt_kernel.h"
#include "shunt_layout_dsp_depthwise.h"

/// Constants of one channel, ready for registers. Words of weights are halves (row 0, row 1) and
/// (row 1, row 2) of a column of taps, one column after the other; at a stride of 2: row 0 and row
/// 1 of three columns, then row 2 of columns 0 and 1, row 2 of column 2 as a word, and the bias.
typedef struct depthwise_channel {
    uint32_t weights[6];
    uint32_t bias;
    /// DEPTHWISE_PAIRS: end of the columns that pass while outputs are computed in pairs. Else the
    /// output's zero point.
    uint32_t end_or_zero;
    uint32_t multiplier; ///< As in shunt_dsp_scale_t.
    uint32_t addend;     ///< As in shunt_dsp_scale_t.
} depthwise_channel_t;

_Static_assert(sizeof(depthwise_channel_t) == SHUNT_DSP_DEPTHWISE_RECORD_BYTES, "layout");

/// Ways through the loops: twice the shunt_requantization_t, plus the stride less 1; or lines at a
/// stride of 1 and at least two columns of outputs.
enum {
    DEPTHWISE_PAIRS = 6,
    DEPTHWISE_ROUTE_BYTES = 6 ///< Of a way and slot in the assembly's table.
};

/// The outputs to compute: one row, or two at a stride of 1, of each channel of a block. Assembly
/// copies everything up to `planes_end` to the stack, with a channel's constants in `free`.
typedef struct depthwise_rows {
    size_t second_stride; ///< To the output computed beside one: the row's below, or 0 if there is
                          ///< none; at a stride of 2 the next column's.
    size_t column_stride; ///< Bytes from one output to the next.
    uint32_t free[4];
    uint32_t next;       ///< From where a channel's outputs end to where the next one's start.
    uint32_t loop_bytes; ///< Of a plane, that pass in the loop; DEPTHWISE_PAIRS: behind its pairs.
    uint32_t left_bytes; ///< Stride 2: that pass for the output left over from pairs.
    const depthwise_channel_t *planes_end;
    uint32_t route; ///< DEPTHWISE_ROUTE_BYTES times (twice the way, plus the upper rows' slot).
    depthwise_channel_t *planes; ///< Of all channels of the block, one after the other.
    int8_t *out;                 ///< First output of the first channel.
    size_t lead;                 ///< Bytes before an output at which its loop starts.
    uint32_t columns;            ///< Outputs in a row.
    uint32_t plane_bytes;        ///< Of one channel.
} depthwise_rows_t;

/// Where inputs come from.
typedef struct depthwise_source {
    const int8_t *rows[2];   ///< The first channel's elements in the first column of two rows.
    size_t column_stride[2]; ///< Bytes from one column to the next; 0: all are the same.
    uint32_t columns;        ///< At least 1.
    uint32_t plane_bytes;    ///< Of one channel.
} depthwise_source_t;

/// Brings elements of two rows from an image, channels last, to planes.
///
/// @param to The word of the first column, in the slot to fill, in the first channel's plane.
typedef void (*depthwise_spread_t)(const depthwise_source_t *from, uint32_t *to);

#define SHUNT_DEPTHWISE_COMPUTE SHUNT_KERNEL_SYMBOL(depthwise_compute)
#define SHUNT_DEPTHWISE_SPREAD SHUNT_KERNEL_SYMBOL(depthwise_spread)

/// Computes rows of outputs.
void SHUNT_DEPTHWISE_COMPUTE(const depthwise_rows_t *rows);

/// By the number of channels, 2 or 4, divided by 4.
extern const depthwise_spread_t SHUNT_DEPTHWISE_SPREAD[2];

#endif
