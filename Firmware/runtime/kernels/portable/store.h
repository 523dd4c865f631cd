// SPDX-License-Identifier: Apache-2.0
//
// Accumulators become outputs, by each of the forms of requantization.
#ifndef SHUNT_PORTABLE_STORE_H
#define SHUNT_PORTABLE_STORE_H

#include <stddef.h>

#include "accumulate.h"

/// How accumulators become outputs, and how these lie.
typedef struct outputs {
    output_range_t range;
    size_t pitch; ///< Bytes from one pixel to the next.
} outputs_t;

/// Accumulators of some channels for some pixels: that of channel c for pixel p is
/// acc[c * pitch + p].
typedef struct sums {
    const uint32_t *acc;
    size_t pitch;
    uint32_t channels, pixels; ///< At least one of each.
} sums_t;

#define SHUNT_STORE_PIXELS SHUNT_KERNEL_SYMBOL(store_pixels)

/// Requantizes sums to out[p * outputs->pitch + c].
///
/// @param records One for each channel, of the form that `outputs` names.
void SHUNT_STORE_PIXELS(int8_t *out, const sums_t *sums, const shunt_channel_t *records,
                        const outputs_t *outputs);

#endif
