// SPDX-License-Identifier: Apache-2.0
#include "accumulate.h"

#include "requantize.h"

static void accumulate_block(uint32_t *acc, const int8_t *in, const int8_t *weights,
                             size_t channel_stride, const patch_t *patch) {
    uint32_t sum0 = acc[0], sum1 = acc[1], sum2 = acc[2], sum3 = acc[3];
    for (int32_t row = 0; row < patch->rows; row++) {
        const int8_t *x = in + row * patch->in_stride;
        const int8_t *w0 = weights + row * patch->weights_stride;
        const int8_t *w1 = w0 + channel_stride;
        const int8_t *w2 = w1 + channel_stride;
        const int8_t *w3 = w2 + channel_stride;
        for (int32_t i = 0; i < patch->length; i++) {
            const int32_t value = x[i];
            sum0 += (uint32_t)(value * w0[i]);
            sum1 += (uint32_t)(value * w1[i]);
            sum2 += (uint32_t)(value * w2[i]);
            sum3 += (uint32_t)(value * w3[i]);
        }
    }
    acc[0] = sum0, acc[1] = sum1, acc[2] = sum2, acc[3] = sum3;
}

static uint32_t accumulate_one(const int8_t *in, const int8_t *weights, const patch_t *patch) {
    uint32_t sum = 0;
    for (int32_t row = 0; row < patch->rows; row++) {
        const int8_t *x = in + row * patch->in_stride;
        const int8_t *w = weights + row * patch->weights_stride;
        for (int32_t i = 0; i < patch->length; i++) {
            sum += (uint32_t)(x[i] * w[i]);
        }
    }
    return sum;
}

void SHUNT_ACCUMULATE(uint32_t *acc, uint32_t count, const int8_t *in, const int8_t *weights,
                      size_t channel_stride, const patch_t *patch) {
    if (count == CHANNEL_BLOCK) {
        accumulate_block(acc, in, weights, channel_stride, patch);
        return;
    }
    for (uint32_t c = 0; c < count; c++) {
        acc[c] += accumulate_one(in, weights + c * channel_stride, patch);
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
