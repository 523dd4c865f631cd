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
        uint32_t sums[CHANNEL_BLOCK] = {acc[c]};
        SHUNT_MULTIPLY_ROWS(sums, in, weights, 0, length); // four times the same row
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

void SHUNT_STORE_CHANNELS(int8_t *out, const uint32_t *acc, const shunt_channel_t *channels,
                          uint32_t count, const output_range_t *range) {
    for (uint32_t c = 0; c < count; c++) {
        const int32_t scaled =
            scale_value((int32_t)acc[c], channels[c].multiplier, channels[c].shift);
        out[c] = to_output(scaled, range->zero_point, range->min, range->max);
    }
}
