// SPDX-License-Identifier: Apache-2.0
#include "store_row.h"

#include "requantize.h"

static void store_lines(int8_t *out, const uint32_t *acc, const shunt_line_t *line, uint32_t count,
                        const output_range_t *range) {
    const limits_t bounds = limits(0, range->min, range->max);
    for (const uint32_t *end = acc + count; acc != end; line++) {
        const int32_t high = product_high((int32_t)*acc++, line->multiplier);
        *out++ = (int8_t)limited((int32_t)((uint32_t)high + (uint32_t)line->offset), bounds);
    }
}

void SHUNT_STORE_ROW(int8_t *out, const uint32_t *acc, const shunt_channel_t *channels,
                     uint32_t count, const output_range_t *range) {
    if (range->form == SHUNT_REQUANTIZE_LINE) {
        store_lines(out, acc, (const shunt_line_t *)(const void *)channels, count, range);
        return;
    }
    const bool is_exact = range->form == SHUNT_REQUANTIZE_EXACT;
    const limits_t bounds = limits(range->zero_point, range->min, range->max);
    for (const uint32_t *end = acc + count; acc != end; channels++, acc++, out++) {
        // A shift to the right by at least 2 leaves room for the zero point; others are rare.
        const int32_t exponent = -channels->shift, multiplier = channels->multiplier;
        if (exponent < 2 || multiplier == 0) {
            SHUNT_STORE_CHANNELS(out, acc, channels, 1, range);
        } else if (is_exact) {
            const int32_t high = product_of_scale((int32_t)*acc, multiplier);
            *out = (int8_t)limited(divide_by_power_of_two(high, exponent), bounds);
        } else {
            const int32_t high = product_high((int32_t)*acc, multiplier);
            const int32_t half = 1 << (exponent - 2);
            *out = (int8_t)limited((high + half) >> (exponent - 1), bounds);
        }
    }
}
