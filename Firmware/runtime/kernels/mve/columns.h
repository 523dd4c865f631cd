// SPDX-License-Identifier: Apache-2.0
//
// Columns: what the sums of a convolution's pixels run over, in the order of the weights.
#ifndef SHUNT_MVE_COLUMNS_H
#define SHUNT_MVE_COLUMNS_H

#include "shunt_kernel.h"
#include "shunt_layout_mve.h"

/// How a step's columns are written.
typedef struct columns {
    const shunt_window_t *window;
    const int8_t *in_end;     ///< Behind the last image.
    int8_t *columns;          ///< Of SHUNT_MVE_PIXELS pixels, block by block.
    int8_t *staging;          ///< The column of one pixel, bytes in order.
    int32_t padding;          ///< Stands for what lies outside the image.
    int32_t blocks;           ///< Of one column.
    int32_t row_bytes;        ///< Of the image.
    int32_t step_bytes;       ///< Of the image, from one row of taps to the next.
    int32_t run_bytes;        ///< Of a row of taps.
    int32_t run_blocks;       ///< Of a row of taps.
    int32_t reach_bytes;      ///< From a window's first byte to what may be read behind its last.
    int32_t inner_y, inner_x; ///< Windows that start at 0 ... this are inner ones.
    bool is_blocks;           ///< Taps are whole blocks.
} columns_t;

#define SHUNT_COLUMNS_INNER SHUNT_KERNEL_SYMBOL(columns_inner)
#define SHUNT_COLUMNS_ANY SHUNT_KERNEL_SYMBOL(columns_any)

#define SHUNT_COLUMNS_PREPARE SHUNT_KERNEL_SYMBOL(columns_prepare)

/// How columns are written that lie at `scratch`, of shunt_mve_conv2d_scratch_bytes(window) bytes.
void SHUNT_COLUMNS_PREPARE(columns_t *c, const shunt_window_t *window, int32_t padding,
                           const int8_t *in_end, int8_t *scratch);

/// The columns of all pixels, whose windows are inner ones and start at `from`, the last one at
/// least reach_bytes before in_end.
void SHUNT_COLUMNS_INNER(const columns_t *c, const int8_t *const from[SHUNT_MVE_PIXELS]);

/// The column of one pixel, whose window starts at row y and column x of the image.
void SHUNT_COLUMNS_ANY(const columns_t *c, uint32_t pixel, const int8_t *image, int32_t y,
                       int32_t x);

#endif
