// SPDX-License-Identifier: Apache-2.0
//
// What the two pools have in common: checks, and the walk over windows.
#ifndef SHUNT_MVE_POOL2D_H
#define SHUNT_MVE_POOL2D_H

#include <stddef.h>

#include "shunt_kernel_checks.h"

/// The pixels that a window covers inside the image; at least one.
typedef struct covered {
    const int8_t *first;
    int32_t rows, columns;
    ptrdiff_t row_stride;    ///< Bytes from one row to the next.
    ptrdiff_t column_stride; ///< Bytes from one column to the next.
    int32_t channels;
    int32_t min, max; ///< The clamp.
} covered_t;

/// Reduces covered pixels to one. Writes channels only when it has read them of all pixels.
typedef void (*pool_t)(const covered_t *covered, int8_t *out);

#define SHUNT_POOL2D_CHECK SHUNT_KERNEL_SYMBOL(pool2d_check)
#define SHUNT_POOL2D_RUN SHUNT_KERNEL_SYMBOL(pool2d_run)

/// Everything that SHUNT_POOL2D_RUN relies on.
shunt_status_t SHUNT_POOL2D_CHECK(const shunt_call_t *call);

/// Reduces each window.
void SHUNT_POOL2D_RUN(const shunt_call_t *call, pool_t pool);

#endif
