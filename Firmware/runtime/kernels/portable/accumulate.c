// SPDX-License-Identifier: Apache-2.0
#include "accumulate.h"

#include "requantize.h"
#include "rows.h"

void SHUNT_ACCUMULATE_ROW(uint32_t *acc, uint32_t count, const int8_t *in, const int8_t *weights,
                          size_t channel_stride, size_t length) {
    if (length == 0) {
        return;
    }
    if (count == CHANNEL_BLOCK) {
        SHUNT_MULTIPLY_ROWS(acc, in, weights, channel_stride, length);
        return;
    }
    for (uint32_t c = 0; c < count; c++, weights += channel_stride) {
        const uint32_t sum = acc[c];
        uint32_t sums[CHANNEL_BLOCK] = {sum, sum, sum, sum}; // four times the same row
        SHUNT_MULTIPLY_ROWS(sums, in, weights, 0, length);
        acc[c] = sums[0];
    }
}

void SHUNT_ACCUMULATE(uint32_t *acc, uint32_t count, const int8_t *in, const int8_t *weights,
                      size_t channel_stride, const patch_t *patch) {
    for (int32_t row = 0; row < patch->rows; row++) {
        SHUNT_ACCUMULATE_ROW(acc, count, in, weights, channel_stride, (size_t)patch->length);
        in += patch->in_stride;
        weights += patch->weights_stride;
    }
}

/// acc * multiplier as `exact` (rounds 1) or `fast` (rounds 0) scales it.
static inline int32_t scaled_by(const shunt_channel_t *channel, int32_t acc, uint32_t rounds) {
    const int32_t shift = channel->shift;
    if (shift >= 0) {
        const int32_t limit = INT32_MAX >> shift;
        if (!rounds) {
            acc = clamp(acc, -limit, limit); // far beyond all outputs
        }
        acc = (int32_t)((uint32_t)acc << shift);
        rounds = 1;
    }
    const product_t product = multiply_wide(acc, channel->multiplier);
    // The last of all roundings is that of halves up; `exact` has one before it.
    int32_t scaled = (int32_t)((uint32_t)product.high * 2 + (((product.low >> 30) + rounds) >> 1));
    if (shift < 0) {
        scaled += (int32_t)((uint32_t)(scaled >> 31) & (0u - rounds));
        scaled = ((scaled >> (-1 - shift)) + 1) >> 1;
    }
    return scaled;
}

void SHUNT_STORE_CHANNELS(int8_t *out, const uint32_t *acc, const shunt_channel_t *channels,
                          uint32_t count, const output_range_t *range) {
    const uint32_t rounds = range->form == SHUNT_REQUANTIZE_EXACT;
    for (uint32_t c = 0; c < count; c++) {
        const shunt_channel_t *channel = &channels[c];
        int32_t scaled, zero_point;
        if (range->form == SHUNT_REQUANTIZE_LINE) {
            const shunt_line_t *line = (const shunt_line_t *)(const void *)channel;
            const product_t product = multiply_wide((int32_t)acc[c], line->multiplier);
            scaled = (int32_t)((uint32_t)product.high + (uint32_t)line->offset);
            zero_point = 0;
        } else {
            scaled = scaled_by(channel, (int32_t)acc[c], rounds);
            zero_point = range->zero_point;
        }
        out[c] = to_output(scaled, zero_point, range->min, range->max);
    }
}
