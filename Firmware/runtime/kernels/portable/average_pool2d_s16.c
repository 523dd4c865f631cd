// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"
#include "shunt_pool2d.h"

#define POOL_ELEMENT int16_t
#define POOL_CHECK shunt_check_pool2d_s16
#define POOL_START 0

static int32_t gather(int32_t sum, int32_t element) {
    return sum + element;
}

/// The mean, rounded to nearest, halves away from zero.
static int32_t finish(int32_t sum, int32_t count) {
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

#include "pool2d_kernel.h"

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(average_pool2d_s16) = {
    .id = SHUNT_KERNEL_AVERAGE_POOL2D_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "average_pool2d_s16",
    .check = check,
    .run = run,
};
