// SPDX-License-Identifier: Apache-2.0
#ifndef SHUNT_DSP_CLAMP_H
#define SHUNT_DSP_CLAMP_H

#include <stddef.h>

#include "intrinsics.h"

/// Brings int8 elements into min ... max, for kernels whose loops know the bounds of the type only.
/// Nothing happens if those are the bounds.
static inline void clamp_elements(int8_t *elements, size_t count, int32_t min, int32_t max) {
    if (min == INT8_MIN && max == INT8_MAX) {
        return;
    }
    const uint32_t least = (uint32_t)min & UINT8_MAX, greatest = (uint32_t)max & UINT8_MAX;
    const uint32_t low = least * 0x01010101u, high = greatest * 0x01010101u;
    for (; count >= 4; count -= 4, elements += 4) {
        store_word(elements, min_bytes(max_bytes(load_word(elements), low), high));
    }
    for (; count > 0; count--, elements++) {
        *elements = (int8_t)(*elements < min ? min : *elements > max ? max : *elements);
    }
}

#endif
