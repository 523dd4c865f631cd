// SPDX-License-Identifier: Apache-2.0
#include "pool2d.h"

static int32_t maximum(const covered_t *covered) {
    int32_t result = INT16_MIN;
    const uint8_t *row = covered->first;
    for (int32_t y = 0; y < covered->rows; y++, row += covered->row_stride) {
        const uint8_t *element = row;
        for (int32_t x = 0; x < covered->columns; x++, element += covered->column_stride) {
            const int32_t value = *(const int16_t *)element;
            result = value > result ? value : result;
        }
    }
    return result;
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_POOL2D_CHECK(call, SHUNT_TYPE_S16);
}

static void run(const shunt_call_t *call) {
    SHUNT_POOL2D_RUN(call, maximum);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(max_pool2d_s16) = {
    .id = SHUNT_KERNEL_MAX_POOL2D_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "max_pool2d_s16",
    .check = check,
    .run = run,
};
