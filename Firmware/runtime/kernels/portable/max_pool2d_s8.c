// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"
#include "shunt_pool2d.h"

#define POOL_ELEMENT int8_t
#define POOL_CHECK shunt_check_pool2d_s8
#define POOL_START INT8_MIN

static int32_t gather(int32_t maximum, int32_t element) {
    return element > maximum ? element : maximum;
}

static int32_t finish(int32_t maximum, int32_t count) {
    (void)count;
    return maximum;
}

#include "pool2d_kernel.h"

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(max_pool2d_s8) = {
    .id = SHUNT_KERNEL_MAX_POOL2D_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "max_pool2d_s8",
    .check = check,
    .run = run,
};
