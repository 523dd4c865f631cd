// SPDX-License-Identifier: Apache-2.0
//
// What the two pools have in common: checks, and the walk over windows and channels.
#ifndef SHUNT_PORTABLE_POOL2D_H
#define SHUNT_PORTABLE_POOL2D_H

#include <stddef.h>

#include "shunt_kernel_checks.h"

/// The elements of one channel that a window covers inside the image; at least one.
typedef struct covered {
    const uint8_t *first;
    int32_t rows, columns;
    ptrdiff_t row_stride;    ///< Bytes from one row to the next.
    ptrdiff_t column_stride; ///< Bytes from one column to the next.
} covered_t;

/// Reduces covered elements to one output, not yet clamped.
typedef int32_t (*reduce_t)(const covered_t *covered);

#define SHUNT_POOL2D_CHECK SHUNT_KERNEL_SYMBOL(pool2d_check)
#define SHUNT_POOL2D_RUN SHUNT_KERNEL_SYMBOL(pool2d_run)

/// Everything that SHUNT_POOL2D_RUN relies on, for operands of `type`: int8 or int16. An image has
/// fewer than 2^24 or 2^16 elements a channel, so that sums fit an int32_t.
shunt_status_t SHUNT_POOL2D_CHECK(const shunt_call_t *call, uint32_t type);

/// Reduces each window, channel by channel.
void SHUNT_POOL2D_RUN(const shunt_call_t *call, reduce_t reduce);

#endif
