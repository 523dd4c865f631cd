// SPDX-License-Identifier: Apache-2.0
//
// What the two pools have in common: checks, and the walk over windows and channels.
#ifndef SHUNT_NEON_POOL2D_H
#define SHUNT_NEON_POOL2D_H

#include <stddef.h>

#include "intrinsics.h"
#include "shunt_kernel_checks.h"

/// The pixels that a window covers inside the image; at least one.
typedef struct covered {
    const int8_t *first;
    uint32_t rows, columns;
    size_t row_stride;    ///< Bytes from one row to the next.
    size_t column_stride; ///< Bytes from one column to the next.
} covered_t;

/// Reduces sixteen channels, or eight, of the pixels covered, not yet clamped. Of eight the upper
/// half of the result is anything.
typedef int8x16_t (*pool_t)(const covered_t *covered, bool sixteen);

#define SHUNT_POOL2D_CHECK SHUNT_KERNEL_SYMBOL(pool2d_check)
#define SHUNT_POOL2D_RUN SHUNT_KERNEL_SYMBOL(pool2d_run)

/// Everything that SHUNT_POOL2D_RUN relies on.
shunt_status_t SHUNT_POOL2D_CHECK(const shunt_call_t *call);

/// Reduces each window.
void SHUNT_POOL2D_RUN(const shunt_call_t *call, pool_t pool);

/// Sixteen channels, or eight and anything.
INLINE int8x16_t load_channels(const int8_t *in, bool sixteen) {
    return sixteen ? vld1q_s8(in) : vcombine_s8(vld1_s8(in), vdup_n_s8(0));
}

#endif
