// SPDX-License-Identifier: Apache-2.0
#include "intrinsics.h"
#include "pool2d.h"

static void pool(const covered_t *covered, int8_t *out) {
    const int8x16_t low = vdupq_n_s8((int8_t)covered->min);
    const int8x16_t high = vdupq_n_s8((int8_t)covered->max);
    for (int32_t channel = 0; channel < covered->channels; channel += 16) {
        const mve_pred16_t active = vctp8q((uint32_t)(covered->channels - channel));
        // What lies below the clamp does not matter.
        int8x16_t greatest = low;
        const int8_t *row = covered->first + channel;
        for (int32_t y = covered->rows; y > 0; y--, row += covered->row_stride) {
            const int8_t *pixel = row;
            for (int32_t x = covered->columns; x > 0; x--, pixel += covered->column_stride) {
                greatest = vmaxq_s8(greatest, vld1q_z_s8(pixel, active));
            }
        }
        vst1q_p_s8(out + channel, vminq_s8(greatest, high), active);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_POOL2D_CHECK(call);
}

static void run(const shunt_call_t *call) {
    SHUNT_POOL2D_RUN(call, pool);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(max_pool2d_s8) = {
    .id = SHUNT_KERNEL_MAX_POOL2D_S8,
    .set = SHUNT_SET_MVE,
    .version = 1,
    .name = "max_pool2d_s8",
    .check = check,
    .run = run,
};
