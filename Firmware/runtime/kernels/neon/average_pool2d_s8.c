// SPDX-License-Identifier: Apache-2.0
#include "pool2d.h"

enum {
    SHORT_TERMS = 256,   ///< Elements whose sum fits 16 bits, whatever they are.
    MAX_PRODUCTS = 4080, ///< Elements up to which a multiplication serves for the division.
};

/// Sums of sixteen channels.
typedef struct sums {
    int32x4_t quads[4];
} sums_t;

/// Adds at most SHORT_TERMS neighbours.
INLINE void sum_neighbours(const int8_t *pixel, size_t stride, uint32_t count, bool sixteen,
                           sums_t *sums) {
    int16x8_t low = vdupq_n_s16(0), high = low;
    for (; count >= 2; count -= 2, pixel += 2 * stride) {
        const int8x16_t first = load_channels(pixel, sixteen);
        const int8x16_t second = load_channels(pixel + stride, sixteen);
        low = vaddw_s8(vaddw_s8(low, vget_low_s8(first)), vget_low_s8(second));
        high = vaddw_high_s8(vaddw_high_s8(high, first), second);
    }
    if (count != 0) {
        const int8x16_t last = load_channels(pixel, sixteen);
        low = vaddw_s8(low, vget_low_s8(last));
        high = vaddw_high_s8(high, last);
    }
    sums->quads[0] = vaddw_s16(sums->quads[0], vget_low_s16(low));
    sums->quads[1] = vaddw_high_s16(sums->quads[1], low);
    sums->quads[2] = vaddw_s16(sums->quads[2], vget_low_s16(high));
    sums->quads[3] = vaddw_high_s16(sums->quads[3], high);
}

// Where x is at most 129 * count, and reciprocal is 2^31 / count + e with e < 1, x * reciprocal is
// x / count * 2^31 + x * e; x * e is less than 2^31 / count as long as 129 * count^2 <= 2^31, so
// that it never reaches the next multiple of 2^31.
static int32x4_t means(int32x4_t sums, int32_t count, int32_t reciprocal) {
    const int32x4_t sign = vshrq_n_s32(sums, 31);
    const int32x4_t rounded = vaddq_s32(vabsq_s32(sums), vdupq_n_s32(count / 2));
    const int32x4_t mean = vqdmulhq_s32(rounded, vdupq_n_s32(reciprocal));
    return vsubq_s32(veorq_s32(mean, sign), sign);
}

static int32x4_t divided(int32x4_t sums, int32_t count) {
    int32_t values[4];
    vst1q_s32(values, sums);
    for (uint32_t i = 0; i < 4; i++) {
        values[i] = (values[i] > 0 ? values[i] + count / 2 : values[i] - count / 2) / count;
    }
    return vld1q_s32(values);
}

/// The means, rounded to nearest, halves away from zero.
static void finish(sums_t *sums, int32_t count) {
    if (count > 1 && count <= MAX_PRODUCTS) {
        const int32_t reciprocal = (int32_t)((0x80000000u + (uint32_t)count - 1) / (uint32_t)count);
        for (uint32_t i = 0; i < 4; i++) {
            sums->quads[i] = means(sums->quads[i], count, reciprocal);
        }
    } else if (count > 1) {
        for (uint32_t i = 0; i < 4; i++) {
            sums->quads[i] = divided(sums->quads[i], count);
        }
    }
}

static int8x16_t pool_block(const shunt_covered_t *covered, const int8_t *first, bool sixteen) {
    const int32x4_t zero = vdupq_n_s32(0);
    sums_t sums = {{zero, zero, zero, zero}};
    const int8_t *row = first;
    for (uint32_t y = covered->rows; y != 0; y--, row += covered->row_stride) {
        const int8_t *pixel = row;
        for (uint32_t left = covered->columns; left != 0;) {
            const uint32_t count = left < SHORT_TERMS ? left : SHORT_TERMS;
            if (sixteen) {
                sum_neighbours(pixel, covered->column_stride, count, true, &sums);
            } else {
                sum_neighbours(pixel, covered->column_stride, count, false, &sums);
            }
            pixel += count * covered->column_stride;
            left -= count;
        }
    }
    finish(&sums, (int32_t)(covered->rows * covered->columns));
    const int16x8_t low = vcombine_s16(vmovn_s32(sums.quads[0]), vmovn_s32(sums.quads[1]));
    const int16x8_t high = vcombine_s16(vmovn_s32(sums.quads[2]), vmovn_s32(sums.quads[3]));
    return vcombine_s8(vmovn_s16(low), vmovn_s16(high));
}

static void pool(const shunt_covered_t *covered, int8_t *out) {
    pool_blocks(covered, pool_block, out);
}

static shunt_status_t check(const shunt_call_t *call) {
    return neon_pool2d_valid(call) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    shunt_pool2d(call, pool);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(average_pool2d_s8) = {
    .id = SHUNT_KERNEL_AVERAGE_POOL2D_S8,
    .set = SHUNT_SET_NEON,
    .version = 1,
    .name = "average_pool2d_s8",
    .check = check,
    .run = run,
};
