// SPDX-License-Identifier: Apache-2.0
#include "intrinsics.h"
#include "shunt_pool2d.h"

static void pool(const shunt_covered_t *covered, int8_t *out) {
    const int8x16_t low = vdupq_n_s8((int8_t)covered->params->clamp_min);
    const int8x16_t high = vdupq_n_s8((int8_t)covered->params->clamp_max);
    const uint32_t channels = covered->params->window.out_channels;
    for (uint32_t channel = 0; channel < channels; channel += 16) {
        const mve_pred16_t active = vctp8q(channels - channel);
        // What lies below the clamp does not matter.
        int8x16_t greatest = low;
        const int8_t *row = covered->first + channel;
        for (uint32_t y = covered->rows; y > 0; y--, row += covered->row_stride) {
            const int8_t *pixel = row;
            for (uint32_t x = covered->columns; x > 0; x--, pixel += covered->column_stride) {
                greatest = vmaxq_s8(greatest, vld1q_z_s8(pixel, active));
            }
        }
        vst1q_p_s8(out + channel, vminq_s8(greatest, high), active);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return shunt_check_pool2d_s8(call) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    shunt_pool2d(call, pool);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(max_pool2d_s8) = {
    .id = SHUNT_KERNEL_MAX_POOL2D_S8,
    .set = SHUNT_SET_MVE,
    .version = 1,
    .name = "max_pool2d_s8",
    .check = check,
    .run = run,
};
