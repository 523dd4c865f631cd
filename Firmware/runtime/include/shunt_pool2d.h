// SPDX-License-Identifier: Apache-2.0
//
// What the pools of all kernel sets have in common: checks, and the walk over windows.
#ifndef SHUNT_POOL2D_H
#define SHUNT_POOL2D_H

#include <stddef.h>

#include "shunt_kernel.h"
#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The pixels that a window covers inside the image; at least one.
typedef struct shunt_covered {
    const int8_t *first;    ///< The first pixel, whatever the type of its elements.
    uint32_t rows, columns; ///< Whole rows of an image count as one long one.
    size_t row_stride;      ///< Bytes from one row to the next.
    size_t column_stride;   ///< Bytes from one column to the next.
    const shunt_pool2d_params_t *params;
} shunt_covered_t;

/// Reduces the channels of covered pixels to those of one pixel, `out`.
typedef void (*shunt_reduce_pixels_t)(const shunt_covered_t *covered, int8_t *out);

/// Everything that shunt_pool2d relies on, for int8 operands. An image has fewer than 2^24 elements
/// a channel, so that sums fit an int32_t.
bool shunt_check_pool2d_s8(const shunt_call_t *call);

/// The same for int16 operands, which lie apart, and fewer than 2^16 elements a channel.
bool shunt_check_pool2d_s16(const shunt_call_t *call);

/// Calls `reduce` for each window, in the order of the outputs. An output may lie where inputs that
/// earlier windows read lay: a pixel is written when all channels that are still needed are read.
void shunt_pool2d(const shunt_call_t *call, shunt_reduce_pixels_t reduce);

#ifdef __cplusplus
}
#endif
#endif
