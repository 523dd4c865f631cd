// SPDX-License-Identifier: Apache-2.0
#include "intrinsics.h"
#include "pool2d.h"

/// The greatest elements of four channels.
static uint32_t pool_word(const shunt_covered_t *covered, const int8_t *row) {
    uint32_t greatest = load_word(row);
    for (uint32_t y = covered->rows; y > 0; y--, row += covered->row_stride) {
        const int8_t *pixel = row;
        for (uint32_t x = covered->columns; x > 0; x--, pixel += covered->column_stride) {
            greatest = max_bytes(greatest, load_word(pixel));
        }
    }
    return greatest;
}

static void pool(const shunt_covered_t *covered, int8_t *out) {
    for (uint32_t channel = 0; channel < pool_channels(covered); channel += 4) {
        store_word(out + channel, pool_word(covered, covered->first + channel));
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return dsp_pool2d_valid(call) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    shunt_pool2d(call, pool);
    clamp_outputs(call);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(max_pool2d_s8) = {
    .id = SHUNT_KERNEL_MAX_POOL2D_S8,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "max_pool2d_s8",
    .check = check,
    .run = run,
};
