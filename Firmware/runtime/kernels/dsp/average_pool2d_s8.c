// SPDX-License-Identifier: Apache-2.0
//
// Sums of eight channels at a time, in halves of words: of as many pixels of a window as cannot
// make them overflow, then of the next ones.
#include "intrinsics.h"
#include "pool2d.h"

enum {
    BLOCK = SHUNT_DSP_POOL_CHANNELS,
    HALF_TERMS = 255 ///< Elements whose sum fits a half, whatever they are.
};

/// Adds the elements of a few pixels, at most HALF_TERMS, to the sums of their channels. Not part
/// of its caller, which would leave too few registers for the loop.
__attribute__((noinline)) static void sum_pixels(const shunt_covered_t *covered,
                                                 const int8_t *corner, uint32_t rows,
                                                 uint32_t columns, int32_t *sums) {
    uint32_t halves[4]; // channels 0 and 2, 1 and 3, 4 and 6, 5 and 7
    halves[0] = halves[1] = halves[2] = halves[3] = 0;
    const size_t stride = covered->column_stride;
    const ptrdiff_t to_next_row = (ptrdiff_t)covered->row_stride - (ptrdiff_t)(columns * stride);
    const int8_t *pixel = corner;
    for (; rows > 0; rows--, pixel += to_next_row) {
        for (uint32_t x = columns; x > 0; x--, pixel += stride) {
            const uint32_t first = load_word(pixel), second = load_word(pixel + 4);
            halves[0] = sxtab16(halves[0], first);
            halves[1] = sxtab16_ror8(halves[1], first);
            halves[2] = sxtab16(halves[2], second);
            halves[3] = sxtab16_ror8(halves[3], second);
        }
    }
    for (uint32_t i = 0; i < 4; i++) {
        int32_t *sum = sums + i + i / 2 * 2;
        sum[0] += (int16_t)halves[i];
        sum[2] += (int32_t)halves[i] >> 16;
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

/// Averages the channels of a block.
static void pool_block(const shunt_covered_t *covered, const int8_t *first, int8_t *out) {
    int32_t sums[BLOCK];
    for (uint32_t channel = 0; channel < BLOCK; channel++) {
        sums[channel] = (int32_t)in_register(0); // no call of memset
    }
    const uint32_t columns = lesser(covered->columns, HALF_TERMS); // at once
    const uint32_t rows = HALF_TERMS / columns;
    for (uint32_t y = 0; y < covered->rows; y += rows) {
        for (uint32_t x = 0; x < covered->columns; x += columns) {
            sum_pixels(covered, first + y * covered->row_stride + x * covered->column_stride,
                       lesser(covered->rows - y, rows), lesser(covered->columns - x, columns),
                       sums);
        }
    }
    const int32_t count = (int32_t)(covered->rows * covered->columns);
    for (uint32_t channel = 0; channel < BLOCK; channel++) {
        out[channel] = mean(sums[channel], count);
    }
}

static void pool(const shunt_covered_t *covered, int8_t *out) {
    const uint32_t channels = pool_channels(covered);
    for (uint32_t channel = 0; channel < channels; channel += BLOCK) {
        // The last block may begin inside the one before it.
        const uint32_t first = lesser(channel, channels - BLOCK);
        pool_block(covered, covered->first + first, out + first);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return dsp_pool2d_valid(call) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    shunt_pool2d(call, pool);
    clamp_outputs(call);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(average_pool2d_s8) = {
    .id = SHUNT_KERNEL_AVERAGE_POOL2D_S8,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "average_pool2d_s8",
    .check = check,
    .run = run,
};
