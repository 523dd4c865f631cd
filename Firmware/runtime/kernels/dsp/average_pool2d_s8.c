// SPDX-License-Identifier: Apache-2.0
//
// Sums of four or eight channels at a time, in halves of words: of as many pixels of a window as
// cannot make them overflow, then of the next ones.
#include "intrinsics.h"
#include "pool2d.h"

enum {
    HALF_TERMS = 255 ///< Elements whose sum fits a half, whatever they are.
};

/// Sums of channels 0 and 2, and of channels 1 and 3, of the pixels of some rows and columns.
static inline void sum_pixels(const covered_t *covered, const int8_t *row, uint32_t rows,
                              uint32_t columns, uint32_t words, uint32_t *even, uint32_t *odd) {
    uint32_t even0 = 0, odd0 = 0, even1 = 0, odd1 = 0;
    for (; rows > 0; rows--, row += covered->row_stride) {
        const int8_t *pixel = row;
        for (uint32_t x = columns; x > 0; x--, pixel += covered->column_stride) {
            const uint32_t word = load_word(pixel);
            even0 = sxtab16(even0, word);
            odd0 = sxtab16_ror8(odd0, word);
            if (words == 2) {
                const uint32_t next = load_word(pixel + 4);
                even1 = sxtab16(even1, next);
                odd1 = sxtab16_ror8(odd1, next);
            }
        }
    }
    even[0] = even0, odd[0] = odd0;
    if (words == 2) {
        even[1] = even1, odd[1] = odd1;
    }
}

/// The mean, rounded to nearest, halves away from zero.
static int8_t mean(int32_t sum, int32_t count) {
    const int32_t half = count / 2;
    return (int8_t)((sum > 0 ? sum + half : sum - half) / count);
}

static uint32_t lesser(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/// Averages 4 * words channels from `first` on.
static inline void average_words(const covered_t *covered, const int8_t *first, uint32_t words,
                                 int8_t *out) {
    int32_t sums[8] = {0};
    const uint32_t columns = lesser(covered->columns, HALF_TERMS); // at once
    const uint32_t rows = HALF_TERMS / columns;
    for (uint32_t y = 0; y < covered->rows; y += rows) {
        for (uint32_t x = 0; x < covered->columns; x += columns) {
            const int8_t *corner = first + y * covered->row_stride + x * covered->column_stride;
            uint32_t even[2], odd[2];
            sum_pixels(covered, corner, lesser(covered->rows - y, rows),
                       lesser(covered->columns - x, columns), words, even, odd);
            for (uint32_t word = 0; word < words; word++) {
                sums[4 * word] += (int16_t)even[word];
                sums[4 * word + 1] += (int16_t)odd[word];
                sums[4 * word + 2] += (int32_t)even[word] >> 16;
                sums[4 * word + 3] += (int32_t)odd[word] >> 16;
            }
        }
    }
    const int32_t count = (int32_t)(covered->rows * covered->columns);
    for (uint32_t channel = 0; channel < 4 * words; channel++) {
        out[channel] = mean(sums[channel], count);
    }
}

static void pool(const covered_t *covered, int8_t *out) {
    uint32_t channel = 0;
    for (; channel + 8 <= covered->channels; channel += 8) {
        average_words(covered, covered->first + channel, 2, out + channel);
    }
    if (channel < covered->channels) {
        average_words(covered, covered->first + channel, 1, out + channel);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_POOL2D_CHECK(call);
}

static void run(const shunt_call_t *call) {
    SHUNT_POOL2D_RUN(call, pool);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(average_pool2d_s8) = {
    .id = SHUNT_KERNEL_AVERAGE_POOL2D_S8,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "average_pool2d_s8",
    .check = check,
    .run = run,
};
