// SPDX-License-Identifier: Apache-2.0
#include "pool2d.h"

static int8x16_t pool_block(const shunt_covered_t *covered, const int8_t *first, bool sixteen) {
    int8x16_t greatest = vdupq_n_s8(INT8_MIN);
    const int8_t *row = first;
    for (uint32_t y = covered->rows; y != 0; y--, row += covered->row_stride) {
        const int8_t *pixel = row;
        for (uint32_t x = covered->columns; x != 0; x--, pixel += covered->column_stride) {
            greatest = vmaxq_s8(greatest, load_channels(pixel, sixteen));
        }
    }
    return greatest;
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

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(max_pool2d_s8) = {
    .id = SHUNT_KERNEL_MAX_POOL2D_S8,
    .set = SHUNT_SET_NEON,
    .version = 1,
    .name = "max_pool2d_s8",
    .check = check,
    .run = run,
};
