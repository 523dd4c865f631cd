// SPDX-License-Identifier: Apache-2.0
//
// The inputs of a convolution's output pixels, brought into the order of its weights and widened,
// for SHUNT_MULTIPLY_TILES.
#ifndef SHUNT_DSP_GATHER_H
#define SHUNT_DSP_GATHER_H

#include "shunt_kernel.h"
#include "shunt_params.h"

/// Where a convolution has got to. The fields are gather.c's own, but `units` and `unit_count`.
typedef struct gather {
    uint32_t *units;     ///< The widened inputs.
    uint32_t unit_count; ///< Of them.
    const shunt_window_t *window;
    int8_t *bytes;          ///< Behind `units`: inputs of three pixels as they are, or padding.
    uint32_t padding;       ///< The input's zero point in each byte.
    uint32_t pixel_bytes;   ///< From one pixel of the image to the next.
    uint32_t row_bytes;     ///< From one row of the image to the next.
    uint32_t run_bytes;     ///< Of a row of taps.
    uint32_t tap_row_bytes; ///< From one row of taps to the next, in the image.
    uint32_t out_width;     ///< Output pixels of a row.
    uint32_t inside_rows;   ///< A window that starts in row 0 ... inside_rows - 1 lies inside.
    uint32_t tile_columns; ///< Three windows that start in column 0 ... tile_columns - 1, likewise.
    bool is_patchy;        ///< Inputs are brought together before they are widened.
    bool are_nines;        ///< For SHUNT_EXPAND_NINES.
    // The next output pixel.
    const int8_t *image;
    uint32_t row, column;
    int32_t y, x; ///< Where its window starts.
} gather_t;

#define SHUNT_GATHER_BEGIN SHUNT_KERNEL_SYMBOL(gather_begin)
#define SHUNT_GATHER SHUNT_KERNEL_SYMBOL(gather)

/// Starts with the first output pixel.
///
/// @param in      The first image.
/// @param scratch shunt_dsp_conv2d_scratch_bytes(window) bytes, word-aligned.
void SHUNT_GATHER_BEGIN(gather_t *gather, const shunt_window_t *window, int32_t input_zero_point,
                        const int8_t *in, void *scratch);

/// Fills `units` with the inputs of the next `count` output pixels, 1 ... TILE_PIXELS, which there
/// are. Those of missing pixels of the tile are anything.
void SHUNT_GATHER(gather_t *gather, uint32_t count);

#endif
