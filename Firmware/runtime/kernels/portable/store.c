// SPDX-License-Identifier: Apache-2.0
#include "store.h"

#include "products.h"
#include "requantize.h"
#include "tile.h"

/// One multiplication.
static inline void store_line(int8_t *out, const uint32_t *acc, const uint32_t *end,
                              const shunt_line_t *line, const outputs_t *outputs) {
    const size_t pitch = outputs->pitch;
    const int32_t multiplier = line->multiplier;
    const int32_t offset = line->offset;
    const limits_t bounds = limits(offset, outputs->range.min, outputs->range.max);
    const bool saturates =
        HAS_SATURATION && outputs->range.min == INT8_MIN && outputs->range.max == INT8_MAX;
    while (saturates && acc != end) {
        const int32_t high = product_high((int32_t)*acc++, multiplier);
        *out = (int8_t)saturated((int32_t)((uint32_t)high + (uint32_t)offset));
        out += pitch;
    }
    while (acc != end) {
        *out = (int8_t)limited(product_high((int32_t)*acc++, multiplier), bounds);
        out += pitch;
    }
}

/// The same for a whole tile, saturated.
static void store_tile_line(int8_t *out, const uint32_t *acc, const shunt_line_t *line,
                            size_t pitch) {
    const int32_t multiplier = line->multiplier;
    const uint32_t offset = (uint32_t)line->offset;
#pragma GCC unroll 4
    for (uint32_t p = 0; p < TILE_PIXELS; p++, out += pitch) {
        const int32_t high = product_high((int32_t)acc[p], multiplier);
        *out = (int8_t)saturated((int32_t)((uint32_t)high + offset));
    }
}

/// Whether sums are those of a whole tile, whose outputs may be saturated.
static inline bool is_tile(const sums_t *sums, const outputs_t *outputs) {
    return HAS_SATURATION && sums->pixels == TILE_PIXELS && sums->pitch == TILE_PIXELS &&
           outputs->range.min == INT8_MIN && outputs->range.max == INT8_MAX;
}

static void store_lines(int8_t *out, const sums_t *sums, const shunt_channel_t *records,
                        const outputs_t *outputs) {
    const shunt_line_t *lines = (const shunt_line_t *)(const void *)records;
    const uint32_t *acc = sums->acc;
    if (is_tile(sums, outputs)) {
        for (uint32_t c = 0; c < sums->channels; c++, acc += TILE_PIXELS) {
            store_tile_line(&out[c], acc, &lines[c], outputs->pitch);
        }
        return;
    }
    for (uint32_t c = 0; c < sums->channels; c++, acc += sums->pitch) {
        store_line(&out[c], acc, acc + sums->pixels, &lines[c], outputs);
    }
}

/// Scales of a quarter and more, and 0, which are rare.
static void store_large(int8_t *out, const uint32_t *acc, const uint32_t *end,
                        const shunt_channel_t *channel, const outputs_t *outputs) {
    for (; acc != end; acc++, out += outputs->pitch) {
        SHUNT_STORE_CHANNELS(out, acc, channel, 1, &outputs->range);
    }
}

/// One rounding; a shift to the right by at least 2, so that 32 bits of the product decide.
static inline void store_fast(int8_t *out, const uint32_t *acc, const uint32_t *end,
                              const shunt_channel_t *channel, const outputs_t *outputs) {
    const size_t pitch = outputs->pitch;
    const int32_t multiplier = channel->multiplier;
    const int32_t shift = -1 - channel->shift;
    const int32_t half = 1 << (shift - 1);
    const output_range_t *range = &outputs->range;
    const limits_t bounds = limits(range->zero_point, range->min, range->max);
    while (acc != end) {
        const int32_t high = product_high((int32_t)*acc++, multiplier);
        *out = (int8_t)limited((high + half) >> shift, bounds);
        out += pitch;
    }
}

/// Two roundings; a shift to the right by at least 2, so that the zero point can be added.
static inline void store_exact(int8_t *out, const uint32_t *acc, const uint32_t *end,
                               const shunt_channel_t *channel, const outputs_t *outputs) {
    const size_t pitch = outputs->pitch;
    const int32_t multiplier = channel->multiplier;
    const int32_t exponent = -channel->shift;
    const output_range_t *range = &outputs->range;
    const limits_t bounds = limits(range->zero_point, range->min, range->max);
    while (acc != end) {
        const int32_t high = product_of_scale((int32_t)*acc++, multiplier);
        *out = (int8_t)limited(divide_by_power_of_two(high, exponent), bounds);
        out += pitch;
    }
}

/// The same for a whole tile, saturated.
static inline void store_tile_exact(int8_t *out, const uint32_t *acc,
                                    const shunt_channel_t *channel, int32_t zero_point,
                                    size_t pitch) {
    const int32_t multiplier = channel->multiplier;
    const int32_t bits = -1 - channel->shift;
    const int32_t offset = 2 * zero_point + 1; // 1 rounds, as in divide_by_power_of_two
#pragma GCC unroll 4
    for (uint32_t p = 0; p < TILE_PIXELS; p++, out += pitch) {
        const int32_t high = product_of_scale((int32_t)acc[p], multiplier);
        *out = (int8_t)saturated_half(((high + (high >> 31)) >> bits) + offset);
    }
}

static void store_channels(int8_t *out, const sums_t *sums, const shunt_channel_t *records,
                           const outputs_t *outputs) {
    const uint32_t *acc = sums->acc;
    const bool tile = is_tile(sums, outputs);
    for (uint32_t c = 0; c < sums->channels; c++, acc += sums->pitch) {
        const uint32_t *end = acc + sums->pixels;
        if (records[c].shift > -2 || records[c].multiplier == 0) {
            store_large(&out[c], acc, end, &records[c], outputs);
        } else if (outputs->range.form == SHUNT_REQUANTIZE_FAST) {
            store_fast(&out[c], acc, end, &records[c], outputs);
        } else if (tile) {
            store_tile_exact(&out[c], acc, &records[c], outputs->range.zero_point, outputs->pitch);
        } else {
            store_exact(&out[c], acc, end, &records[c], outputs);
        }
    }
}

void SHUNT_STORE_PIXELS(int8_t *out, const sums_t *sums, const shunt_channel_t *records,
                        const outputs_t *outputs) {
    if (outputs->range.form == SHUNT_REQUANTIZE_LINE) {
        store_lines(out, sums, records, outputs);
    } else {
        store_channels(out, sums, records, outputs);
    }
}
