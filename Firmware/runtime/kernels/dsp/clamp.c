// SPDX-License-Identifier: Apache-2.0
#include "clamp.h"

#include "intrinsics.h"

void SHUNT_CLAMP_ELEMENTS(int8_t *elements, size_t count, int32_t min, int32_t max) {
    if (min == INT8_MIN && max == INT8_MAX) {
        return;
    }
    const uint32_t least = (uint32_t)min & UINT8_MAX, greatest = (uint32_t)max & UINT8_MAX;
    const uint32_t low = least * 0x01010101u, high = greatest * 0x01010101u;
    for (; count >= 4; count -= 4, elements += 4) {
        store_word(elements, min_bytes(max_bytes(load_word(elements), low), high));
    }
    for (; count > 0; count--, elements++) {
        *elements = (int8_t)min_bytes(max_bytes((uint32_t)*elements & UINT8_MAX, low), high);
    }
}
