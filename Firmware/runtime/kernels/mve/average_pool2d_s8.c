// SPDX-License-Identifier: Apache-2.0
//
// Sums of eight channels at a time, of 16 bits: of as many pixels of a window as cannot make them
// overflow, then of the next ones.
#include "intrinsics.h"
#include "shunt_pool2d.h"

enum {
    LANES = 8,
    LANE_TERMS = 255 ///< Elements whose sum fits a lane, whatever they are.
};

/// The sum of `count` pixels, at least one, `stride` bytes apart.
static inline int16x8_t sum_pixels(const int8_t *pixel, uint32_t count, size_t stride,
                                   mve_pred16_t active) {
    int16x8_t sum = vdupq_n_s16(0);
    do {
        sum = vaddq_s16(sum, vldrbq_z_s16(pixel, active));
        pixel += stride;
    } while (--count > 0);
    return sum;
}

/// Adds the channels of a window, lane by lane.
static void sum_window(const shunt_covered_t *covered, const int8_t *first, mve_pred16_t active,
                       int32_t *sums) {
    int16_t lanes[LANES];
    for (int32_t i = 0; i < LANES; i++) {
        sums[i] = 0;
    }
    for (uint32_t y = covered->rows; y > 0; y--, first += covered->row_stride) {
        const int8_t *pixel = first;
        uint32_t count;
        for (uint32_t x = covered->columns; x > 0; x -= count) {
            count = x < LANE_TERMS ? x : LANE_TERMS;
            vst1q_s16(lanes, sum_pixels(pixel, count, covered->column_stride, active));
            for (int32_t i = 0; i < LANES; i++) {
                sums[i] += lanes[i];
            }
            pixel += count * covered->column_stride;
        }
    }
}

static void pool(const shunt_covered_t *covered, int8_t *out) {
    const int32_t count = (int32_t)(covered->rows * covered->columns);
    const int32_t half = count / 2;
    const int32_t min = covered->params->clamp_min, max = covered->params->clamp_max;
    const uint32_t channels = covered->params->window.out_channels;
    for (uint32_t channel = 0; channel < channels; channel += LANES) {
        const uint32_t left = channels - channel;
        int32_t sums[LANES];
        sum_window(covered, covered->first + channel, vctp16q(left), sums);
        for (uint32_t i = 0; i < (left < LANES ? left : LANES); i++) {
            // To nearest, halves away from zero.
            const int32_t mean = (sums[i] > 0 ? sums[i] + half : sums[i] - half) / count;
            const int32_t low = mean < min ? min : mean;
            out[channel + i] = (int8_t)(low > max ? max : low);
        }
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return shunt_check_pool2d_s8(call) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    shunt_pool2d(call, pool);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(average_pool2d_s8) = {
    .id = SHUNT_KERNEL_AVERAGE_POOL2D_S8,
    .set = SHUNT_SET_MVE,
    .version = 1,
    .name = "average_pool2d_s8",
    .check = check,
    .run = run,
};
