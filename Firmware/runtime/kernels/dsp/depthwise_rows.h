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

/// Constants of one channel, ready for registers. Words of weights are halves (row 0, row 1) and
/// (row 1, row 2) of a column of taps, one column after the other; at a stride of 2: row 0 and row
/// 1 of three columns, then row 2 of columns 0 and 1, row 2 of column 2, and the bias.
typedef struct depthwise_channel {
    uint32_t weights[6]; ///< Twice the weights unless the step has lines.
    uint32_t bias;       ///< Twice the bias unless the step has lines.
    uint32_t multiplier;
    uint32_t offset; ///< Lines: of the line. Else: half of 2^shift, and the zero point times that.
    /// To the right; 0 for lines. Where outputs are computed in pairs: the end of the words that
    /// pass then.
    uintptr_t shift;
} depthwise_channel_t;

/// Kinds of loops: how sums become outputs, and the stride.
typedef enum depthwise_loop_kind {
    DEPTHWISE_EXACT_1,
    DEPTHWISE_EXACT_2,
    DEPTHWISE_LINE_1,
    DEPTHWISE_LINE_2,
    DEPTHWISE_LINE_PAIRS ///< DEPTHWISE_LINE_1 behind at least one pair of columns.
} depthwise_loop_kind_t;

struct depthwise_rows;

/// Computes the outputs of one channel. The assembly ones are no functions to call: they are where
/// SHUNT_DEPTHWISE_COMPUTE jumps.
typedef void (*depthwise_loop_t)(const struct depthwise_rows *rows,
                                 const depthwise_channel_t *channel, int8_t *out);

/// The outputs to compute: one row, or two at a stride of 1, of each channel of a block. Assembly
/// copies everything up to `loop` into its frame, with a channel's constants in the free places.
typedef struct depthwise_rows {
    size_t row_stride;    ///< Stride 1: bytes to the second row's outputs; 0 if there is only one.
    size_t column_stride; ///< Bytes from one output to the next.
    uint32_t free[4];
    uint32_t next;       ///< From behind the last output of a channel to the next one's first.
    uint32_t pair_bytes; ///< Stride 2: of a plane, that pass while outputs are computed in pairs.
    uint32_t rest_bytes; ///< That pass while the outputs that are left over are computed.
    const depthwise_channel_t *planes_end;
    depthwise_loop_t loop;
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
#define SHUNT_DEPTHWISE_LOOPS SHUNT_KERNEL_SYMBOL(depthwise_loops)
#define SHUNT_DEPTHWISE_SPREAD SHUNT_KERNEL_SYMBOL(depthwise_spread)

/// Computes rows of outputs.
void SHUNT_DEPTHWISE_COMPUTE(const depthwise_rows_t *rows);

/// By depthwise_loop_kind_t and the slot that has the upper rows.
extern const depthwise_loop_t SHUNT_DEPTHWISE_LOOPS[5][2];

/// By the number of channels, 2 or 4, divided by 4.
extern const depthwise_spread_t SHUNT_DEPTHWISE_SPREAD[2];

#endif
